package pgha.agent.ha;

import pgha.dcs.model.Lsn;

/** How far a task has got. Immutable. */
public sealed interface Progress {
    /** For people: {@code 42 MB of 100 MB}. */
    record Note(String text) implements Progress {}

    /** While stopping: the stop has been asked for; new connections are refused. */
    record StopAsked() implements Progress {}

    /** While stopping: no client backend is left. What remains cannot acknowledge anything. */
    record WritersGone() implements Progress {}

    /** While stopping: the shutdown checkpoint is on disk; only senders and the archiver remain. */
    record ShutDown(Lsn checkpoint) implements Progress {}
}
