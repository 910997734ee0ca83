package pgha.agent.ctl;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** One command of agentctl. */
interface Command {
    String name();

    /** Options and help. */
    CommandSpec spec();

    /** Does it; returns when it is done. */
    void run(Session session, ParseResult arguments) throws CommandFailed;
}
