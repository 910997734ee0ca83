package pgha.agent.ha;

/**
 * Why a node does what it does: a stable id, and the sentence that people read.
 *
 * <p>The ids are an interface: logs and {@code agentctl why} show them, and monitoring may count them. The sentences
 * may change.
 */
public enum Reason {
    // Looking
    LOOKING("looking at the local PostgreSQL"),
    POSTMASTER_GONE("the postmaster is gone: looking at what it left"),
    UNUSABLE_DIRECTORY("cannot use the data directory: %s"),
    FOREIGN_DATA("cannot run here: the data directory belongs to system %s, the cluster is %s"),
    NAMESAKE("somebody else at %s uses our name: keeping out of the way until that ends"),

    // Beginning a cluster
    CLAIM_CLUSTER("no cluster yet: claiming the right to begin it"),
    BEGIN_CLUSTER("beginning the cluster: running initdb"),
    LEAD_NEW_CLUSTER("the new data directory is ready: taking the leader key before it is started"),
    FINISH_BOOTSTRAP("creating roles and running post_bootstrap"),
    ANNOUNCE_CLUSTER("the new cluster is ready: writing its identity and its settings"),
    BOOTSTRAP_FAILED("cannot begin the cluster: %s; mend it and restart the agent"),
    BOOTSTRAP_CUT_SHORT("the making of this cluster was cut short: putting away what there is of it"),
    BOOTSTRAP_WAIT("waiting for %s to begin the cluster"),
    NOT_A_BEGINNER("no cluster yet, and this node has no bootstrap section: waiting for another to begin it"),
    NOTHING_TO_CLONE_FROM("no data here and no leader: waiting for a leader to clone from"),
    RESTORE("no data here and no leader: making a replica by a program that needs none"),
    CLUSTER_LOST(
            "no data here, and the store has lost the cluster: start its primary, or restart this agent to begin another"),
    BEGIN_STANDBY("no data here and no leader: taking the lead of the standby cluster, to clone what it copies"),
    UNKNOWN_CLUSTER("the store knows no cluster and this copy was a replica: start the last primary first"),
    RESTORE_IDENTITY("the store knows no cluster: writing the identity of the one we have"),

    // Leading
    SERVE("we hold the lease and are primary"),
    SHORTEN_LEASE("we hold the lease and are primary; ttl is %ss now: taking a lease of that length in %s"),
    SERVE_UNRESPONSIVE("we hold the lease; PostgreSQL does not answer: %s"),
    SETTLE_SYNC("we hold the lease: making sure of the synchronous state in the store before PostgreSQL writes"),
    TAKE_SYNC("we hold the lease after %s: writing into the synchronous state that we lead, before anything else"),
    PRE_PROMOTE("we hold the lease: asking pre_promote whether to promote"),
    PROMOTE("we hold the lease: promoting"),
    START_PRIMARY("we hold the lease and PostgreSQL is down: starting it as primary"),
    RESUME_PRIMARY("the lease is ours as before and nobody led in between: going back to writing on timeline %s"),
    PRIMARY_STARTING("we hold the lease; PostgreSQL is starting, %s left before another may take over"),
    PRIMARY_OVERDUE("PostgreSQL is not up within primary_start_timeout, and nobody else could take over: going on"),
    RESIGN("giving the leader key back: %s"),
    LEAD_STANDBY("we hold the lease of a standby cluster, and follow %s%s"),
    DEMOTE_CLUSTER("the cluster is to copy %s: stopping, to follow it"),
    HAND_OVER_STANDBY("handing over as asked: giving the leader key away, nothing was written here"),
    SWITCHOVER_CANVASS("asked to hand over to %s: asking who could take it"),
    SWITCHOVER("handing over to %s as asked"),
    SWITCHOVER_IMPOSSIBLE("cannot hand over: %s"),
    GIVING("gave the leader key away: waiting for the answer"),
    HAND_OVER("stopped in good order at %s: giving the leader key away"),

    // Stepping down
    DEMOTE("our lease ends in %s and cannot be renewed: stopping first"),
    DEMOTE_FAILSAFE("no answer from the store, and failsafe mode needs the word of every member: %s; stopping first"),
    DEMOTE_OTHER_LEADS("%s leads and we are primary: stopping at once"),
    DEMOTE_STALE("we are primary on timeline %s and the cluster is on %s: stopping at once"),
    DEMOTE_UNCOVERED("we are primary without the leader key and must not take it back: %s"),
    STEPPING_DOWN("stopping: %s"),

    // Following
    FOLLOW("following %s"),
    FOLLOW_ARCHIVE("%s leads; tagged nostream: replaying what restore_command brings, and streaming from nobody"),
    FOLLOW_NEW("following %s from now on"),
    CARRY_SLOTS("copying the logical slots %s from %s: PostgreSQL is restarted to read them"),
    FOLLOW_WAIT("%s leads and cannot be followed yet: %s"),
    FOLLOW_FAILSAFE("%s leads without the store, by our word: following it for %s more, and as long as we give it"),
    CLONE("no data here: cloning %s"),
    RECLONE("cloning %s anew, the old contents are moved aside: %s"),
    REWIND("rewinding against %s: %s"),
    REWIND_STOP("diverged from %s: stopping to repair that: %s"),
    START_REPLICA("starting as replica of %s"),
    RESTART_TO_FOLLOW("PostgreSQL was started without a leader and does not come up: starting it again to follow %s"),
    REPLICA_STARTING("PostgreSQL is starting as replica"),
    REJOIN_HOLD("cannot rejoin %s: %s"),
    REPLICA_UNRESPONSIVE("PostgreSQL does not answer: %s"),

    // Ordered
    RELEASE_SYNC("to be stopped: waiting for %s to let commits do without us, for %s at most"),
    START_AS_ORDERED("paused, and what is down is started since that was ordered"),
    RESTART("restarting PostgreSQL as asked"),
    REINITIALIZE("cloning %s anew as asked; what is here is moved aside"),

    // Nobody leads
    RECLAIM("we are primary and the leader key is gone: taking it back"),
    CANVASS("no leader since revision %s: asking %s"),
    CANVASS_WAIT("no leader since revision %s: waiting for the answers of %s"),
    STAND("best placed of those who answered: %s"),
    STAND_AS_ASKED("named as candidate and holding everything the last primary wrote: standing"),
    YIELD("not standing: %s"),
    START_TO_RACE("no leader: starting as replica of nobody to see who is ahead"),

    // Blind
    REBIND("the leader key is ours under a lease that we cannot count on: putting it under a new one"),
    REBIND_LATER("the leader key is ours for %s more: longer than a new lease would be"),
    ASK_FORMER("the leader key names us, and we know of no election: waiting until %s cannot be writing any more"),
    CATCHING_UP("we hold the lease: waiting to see all that the store held before that"),
    TAKING("asked for the leader key: waiting for the answer"),
    LOOK_AGAIN("the store did not answer our request for the leader key: it may have happened"),
    SERVE_BLIND("no answer from the store: our lease is good for %s more"),
    SERVE_FAILSAFE("no answer from the store: every other member lets us go on, for %s more and as long as they do"),
    FOLLOW_BLIND("no answer from the store: keeping on as replica"),
    START_READ_ONLY("no answer from the store: starting read-only"),
    HOLD_BLIND("no answer from the store: waiting, PostgreSQL is %s"),

    // Busy
    BUSY("%s, for %s%s"),
    CANCEL_TASK("cancelling %s: %s"),

    // Leaving and pausing
    LEAVE_STOP("asked to stop: stopping PostgreSQL"),
    LEAVE_RELEASE("asked to stop: giving the leader key away"),
    LEAVE_TELL("asked to stop: telling the others"),
    LEAVE("stopped as asked"),
    LEAVE_DETACHING("asked to detach: waiting for %s"),
    LEAVE_DETACHED("detached as asked: PostgreSQL stays as it is%s"),
    PAUSED("paused: fencing is off, nothing is started or stopped here"),
    MAY_BE_PROMOTING(
            "this replica may have been told to promote, and the leader key is not ours: stopping it, to follow again"),
    ARM("we hold the lease and nobody watches over our primary: arming fence and guard first");

    private final String template;

    /** Whether it only tells that something else goes on, or is about to: of no interest in a log. */
    public boolean isPassing() {
        return this == LOOKING || this == BUSY || this == TAKING || this == CATCHING_UP || this == GIVING;
    }

    Reason(String template) {
        this.template = template;
    }

    /** The sentence with its facts filled in. */
    String sentence(Object... facts) {
        return template.formatted(facts);
    }
}
