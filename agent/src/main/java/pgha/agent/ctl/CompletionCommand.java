package pgha.agent.ctl;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code completion}: the script by which bash completes commands and options. */
final class CompletionCommand implements Command {
    @Override
    public String name() {
        return "completion";
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description("Prints what bash needs to complete commands and options: source <(agentctl completion)");
        return spec;
    }

    @Override
    public void run(Session session, ParseResult arguments) throws CommandFailed {
        String name = session.terminal().programName();
        session.terminal().print(AutoComplete.bash(name, new CommandLine(AgentCtl.spec(name, AgentCtl.COMMANDS))));
    }
}
