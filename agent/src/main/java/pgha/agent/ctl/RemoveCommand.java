package pgha.agent.ctl;

import java.util.Optional;
import pgha.agent.ctl.ClusterPicture.Entry;
import pgha.dcs.DcsReply;
import pgha.dcs.model.Revision;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code remove}: has the store forget a cluster, after three questions. */
final class RemoveCommand implements Command {
    @Override
    public String name() {
        return "remove";
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description(
                        "Has etcd forget a cluster. PostgreSQL and its data stay, but agents that run would begin anew.");
        return spec.addPositional(PositionalParamSpec.builder()
                        .paramLabel("CLUSTER")
                        .arity("1")
                        .required(true)
                        .type(String.class)
                        .description("Must be named.")
                        .build())
                .addOption(Options.format("PRETTY", "-f", "--format"));
    }

    private static final String PHRASE = "Yes I am aware";

    @Override
    public void run(Session session, ParseResult arguments) throws CommandFailed {
        String cluster = arguments.matchedPositionalValue(0, "");
        Terminal terminal = session.terminal();
        ClusterPicture picture = session.access().picture(cluster);
        session.printMembers(picture, arguments.matchedOptionValue("-f", TableText.PRETTY), false);
        if (!terminal.demand("Please confirm the cluster name to remove").equals(cluster)) {
            throw new CommandFailed("Cluster names specified do not match");
        }
        String question =
                "You are about to remove all information in DCS for %s, please type: \"%s\"".formatted(cluster, PHRASE);
        if (!terminal.demand(question).equals(PHRASE)) {
            throw new CommandFailed("You did not exactly type \"%s\"".formatted(PHRASE));
        }
        Optional<Entry> leader = picture.leader();
        if (leader.isPresent()
                && !terminal.demand("This cluster currently is healthy. Please specify the leader name to continue")
                        .equals(leader.get().name())) {
            throw new CommandFailed("You did not specify the current leader of the cluster");
        }
        switch (session.access().removeCluster(cluster)) {
            case DcsReply.Done<Revision> done -> terminal.printLine("The store has forgotten cluster " + cluster + ".");
            case DcsReply.Refused<Revision> refused ->
                throw new CommandFailed("cannot remove cluster %s: %s".formatted(cluster, refused.reason()));
            case DcsReply.NoAnswer<Revision> none ->
                throw new CommandFailed(
                        "cannot tell whether cluster %s was removed: %s; see list".formatted(cluster, none.cause()));
        }
    }
}
