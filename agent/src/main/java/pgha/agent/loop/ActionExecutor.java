package pgha.agent.loop;

import java.util.function.Consumer;
import pgha.agent.address.AddressKeeper;
import pgha.agent.ha.Action;
import pgha.agent.lease.LeaseKeeper;
import pgha.agent.store.StoreWriter;
import pgha.dcs.model.LeaseId;

/** Hands each action to the component that does it. Confined to the loop; never blocks. */
public final class ActionExecutor implements Consumer<Action> {
    /** Who speaks with the other members. */
    public interface Peers {
        /** Each answer is an event; never blocks. */
        void ask(Action.Canvass order);

        /** To one that asked whether it may go on leading without the store. */
        void answer(Action.AnswerFailsafe answer);
    }

    /** What is done on the local server. */
    public interface LocalWork {
        void start(Action.StartTask order);

        void cancel(Action.CancelTask order);

        void armWriter(LeaseId under);

        void retireWriter();

        void syncSlots(Action.SyncSlots order);

        void advanceSlots(Action.AdvanceSlots order);

        void checkpoint();

        void setSyncNames(Action.SetSyncNames order);

        void acceptCopy();

        void call(Action.RunCallback order);
    }

    private final LeaseKeeper leaseKeeper;
    private final StoreWriter storeWriter;
    private final AddressKeeper addressKeeper;
    private final Peers peers;
    private final LocalWork local;
    private final Consumer<Action.Answer> clients;
    private final Consumer<Action.Exit> exit;

    public ActionExecutor(
            LeaseKeeper leaseKeeper,
            StoreWriter storeWriter,
            AddressKeeper addressKeeper,
            Peers peers,
            LocalWork local,
            Consumer<Action.Answer> clients,
            Consumer<Action.Exit> exit) {
        this.leaseKeeper = leaseKeeper;
        this.storeWriter = storeWriter;
        this.addressKeeper = addressKeeper;
        this.peers = peers;
        this.local = local;
        this.clients = clients;
        this.exit = exit;
    }

    @Override
    public void accept(Action action) {
        switch (action) {
            case Action.AcquireLease a -> leaseKeeper.acquire(a.seen());
            case Action.RebindLease a -> leaseKeeper.rebind(a);
            case Action.ReleaseLease a -> leaseKeeper.release(a);
            case Action.ArmWriter a -> local.armWriter(a.under());
            case Action.RetireWriter a -> local.retireWriter();
            case Action.StartTask a -> local.start(a);
            case Action.CancelTask a -> local.cancel(a);
            case Action.Canvass a -> peers.ask(a);
            case Action.PublishMember a -> storeWriter.publish(a);
            case Action.PublishStatus a -> storeWriter.publish(a);
            case Action.PublishHistory a -> storeWriter.publish(a);
            case Action.PublishSettings a -> storeWriter.publish(a);
            case Action.ClaimInitialize a -> storeWriter.claim();
            case Action.CompleteInitialize a -> storeWriter.complete(a);
            case Action.WithdrawInitialize a -> storeWriter.withdraw(a);
            case Action.ClearSwitchover a -> storeWriter.clear(a);
            case Action.BindVip a -> addressKeeper.bind(a);
            case Action.HoldVip a -> addressKeeper.hold();
            case Action.UnbindVip a -> addressKeeper.unbind();
            case Action.SyncSlots a -> local.syncSlots(a);
            case Action.AdvanceSlots a -> local.advanceSlots(a);
            case Action.Checkpoint a -> local.checkpoint();
            case Action.PublishFailsafe a -> storeWriter.publish(a);
            case Action.AnswerFailsafe a -> peers.answer(a);
            case Action.Answer a -> clients.accept(a);
            case Action.RunCallback a -> local.call(a);
            case Action.WriteSync a -> storeWriter.write(a);
            case Action.SetSyncNames a -> local.setSyncNames(a);
            case Action.AcceptCopy a -> local.acceptCopy();
            case Action.Exit a -> exit.accept(a);
        }
    }
}
