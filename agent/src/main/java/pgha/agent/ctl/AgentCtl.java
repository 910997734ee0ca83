package pgha.agent.ctl;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import pgha.agent.config.AgentConfig.CtlConfig;
import pgha.agent.config.ClientConfig;
import pgha.agent.os.Threads;
import pgha.agent.os.WallClock;
import pgha.dcs.etcd.EtcdDcs;
import pgha.dcs.model.Moment;
import pgha.rest.client.RestClient;
import pgha.rest.client.TlsTrust;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** agentctl: reads the command line, runs one command, and ends with its exit code. */
public final class AgentCtl {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    private static final List<Command> COMMANDS = List.of(
            new ListCommand(),
            new SwitchoverCommand(),
            new FailoverCommand(),
            new DetachCommand(),
            new WhyCommand(),
            new VersionCommand());

    private AgentCtl() {}

    public static void main(String[] arguments) {
        Map<String, String> environment = System.getenv();
        Terminal terminal = new Terminal(
                System.out,
                System.err,
                new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())),
                new WallClock()::nowHere,
                environment.getOrDefault("PGHA_STARTED_AS", "agentctl"));
        System.exit(run(arguments, terminal, source -> open(source.read(environment))));
    }

    /** Reads the configuration that the command line points at. */
    interface Opening {
        Session.Opened open(ConfigurationSource source) throws CommandFailed;
    }

    static int run(String[] arguments, Terminal terminal, Opening opening) {
        CommandLine line = new CommandLine(spec(terminal.programName())).setCaseInsensitiveEnumValuesAllowed(true);
        try {
            ParseResult parsed = line.parseArgs(arguments);
            ParseResult last = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
            if (last.isUsageHelpRequested() || !parsed.hasSubcommand()) {
                terminal.print(last.commandSpec().commandLine().getUsageMessage());
                return last.isUsageHelpRequested() ? DONE : WRONG_USAGE;
            }
            return run(parsed, terminal, opening);
        } catch (ParameterException e) {
            CommandLine wrong = e.getCommandLine();
            String name = wrong.getCommandSpec().qualifiedName();
            terminal.complain(wrong.getHelp().synopsisHeading().formatted()
                    + wrong.getHelp().synopsis(0).stripTrailing());
            terminal.complain("Try '" + name + " --help' for help.\n\nError: " + e.getMessage());
            return WRONG_USAGE;
        }
    }

    private static int run(ParseResult parsed, Terminal terminal, Opening opening) {
        ConfigurationSource source = new ConfigurationSource(
                Optional.ofNullable(parsed.matchedOptionValue("-c", null)),
                Optional.ofNullable(parsed.matchedOptionValue("-d", null)),
                parsed.hasMatchedOption("-k"));
        try (Session session = new Session(terminal, () -> opening.open(source))) {
            command(parsed.subcommand().commandSpec().name()).run(session, parsed.subcommand());
            return DONE;
        } catch (CommandFailed e) {
            terminal.complain("Error: " + e.sentence());
            return FAILED;
        }
    }

    private static Command command(String name) {
        return COMMANDS.stream()
                .filter(command -> command.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static CommandSpec spec(String programName) {
        CommandSpec spec = CommandSpec.create().name(programName).addOption(help());
        spec.usageMessage().description("Looks at a PostgreSQL cluster and orders it about.");
        spec.addOption(Options.text("The agent's configuration, or patronictl's.", "FILE", "-c", "--config-file"));
        spec.addOption(Options.text(
                "The store, in place of the file's: etcd3://HOST:PORT/NAMESPACE.", "URL", "-d", "--dcs-url", "--dcs"));
        spec.addOption(Options.flag("Believes agents without verifying their certificates.", "-k", "--insecure"));
        COMMANDS.forEach(
                command -> spec.addSubcommand(command.name(), command.spec().addOption(help())));
        return spec;
    }

    private static CommandLine.Model.OptionSpec help() {
        return CommandLine.Model.OptionSpec.builder("--help")
                .usageHelp(true)
                .arity("0")
                .type(boolean.class)
                .description("Shows this and ends.")
                .build();
    }

    private static Session.Opened open(ClientConfig config) {
        ThreadFactory threads = new Threads((thread, bug) -> {
                    System.err.println("Error: a bug in " + thread.getName() + ": " + bug);
                })
                .factory("grpc");
        RestClient client = new RestClient(AgentCtl::now, config.ctl().auth(), trust(config.ctl()));
        return new Session.Opened(
                new ConfiguredAccess(config, dcs -> EtcdDcs.connect(dcs, threads), client), config.scope());
    }

    /** The date will do for the timeouts of a program that lives for seconds, and needs no native library. */
    private static Moment now() {
        return new Moment(
                Duration.ofMillis(new WallClock().now().toEpochMilli()).toNanos());
    }

    private static TlsTrust trust(CtlConfig ctl) {
        if (ctl.insecure()) {
            return TlsTrust.anybody();
        }
        return ctl.ca().map(TlsTrust::of).orElseGet(TlsTrust::ofRuntime);
    }
}
