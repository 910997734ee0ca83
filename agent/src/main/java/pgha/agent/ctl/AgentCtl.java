package pgha.agent.ctl;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.file.Path;
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

    /** In the order of the help. */
    static final List<String> COMMANDS = List.of(
            "list",
            "topology",
            "why",
            "doctor",
            "history",
            "switchover",
            "failover",
            "restart",
            "reload",
            "reinit",
            "flush",
            "pause",
            "resume",
            "demote-cluster",
            "promote-cluster",
            "show-config",
            "edit-config",
            "config",
            "query",
            "dsn",
            "detach",
            "remove",
            "version",
            "import-vip",
            "completion");

    private AgentCtl() {}

    public static void main(String[] arguments) {
        Map<String, String> environment = System.getenv();
        Terminal terminal = new Terminal(
                System.out,
                System.err,
                new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())),
                new WallClock()::nowHere,
                environment.getOrDefault("PGHA_STARTED_AS", "agentctl"),
                Thread::sleep,
                isScreen() && !environment.containsKey("NO_COLOR"));
        Outside outside = new Outside(
                source -> open(source.read(environment), source.path(environment), environment),
                new Editor(environment)::edit,
                environment);
        System.exit(run(arguments, terminal, outside));
    }

    /** Reads the configuration that the command line points at. */
    interface Opening {
        Session.Opened open(ConfigurationSource source) throws CommandFailed;
    }

    /**
     * What commands reach beyond the terminal.
     *
     * @param environment of the process
     */
    record Outside(Opening opening, Session.TextEditor editor, Map<String, String> environment) {
        Outside {
            environment = Map.copyOf(environment);
        }
    }

    private static boolean isScreen() {
        try {
            return Path.of("/proc/self/fd/1").toRealPath().startsWith("/dev/pts");
        } catch (IOException e) {
            return false;
        }
    }

    static int run(String[] arguments, Terminal terminal, Outside outside) {
        CommandLine line = new CommandLine(spec(terminal.programName(), meant(arguments)))
                .setCaseInsensitiveEnumValuesAllowed(true);
        try {
            ParseResult parsed = line.parseArgs(arguments);
            ParseResult last = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
            if (last.isUsageHelpRequested() || !parsed.hasSubcommand()) {
                terminal.print(last.commandSpec().commandLine().getUsageMessage());
                return last.isUsageHelpRequested() ? DONE : WRONG_USAGE;
            }
            return run(parsed, terminal, outside);
        } catch (ParameterException e) {
            CommandLine wrong = e.getCommandLine();
            String name = wrong.getCommandSpec().qualifiedName();
            terminal.complain(wrong.getHelp().synopsisHeading().formatted()
                    + wrong.getHelp().synopsis(0).stripTrailing());
            terminal.complain("Try '" + name + " --help' for help.\n\nError: " + e.getMessage());
            return WRONG_USAGE;
        }
    }

    private static int run(ParseResult parsed, Terminal terminal, Outside outside) {
        ConfigurationSource source = new ConfigurationSource(
                Optional.ofNullable(parsed.matchedOptionValue("-c", null)),
                Optional.ofNullable(parsed.matchedOptionValue("-d", null)),
                parsed.hasMatchedOption("-k"));
        try (Session session = new Session(terminal, () -> outside.opening().open(source), outside.editor())) {
            command(parsed.subcommand().commandSpec().name()).run(session, parsed.subcommand());
            return DONE;
        } catch (CommandFailed e) {
            terminal.complain("Error: " + e.sentence());
            return FAILED;
        }
    }

    static Command command(String name) {
        return switch (name) {
            case "list" -> new ListCommand();
            case "topology" -> new TopologyCommand();
            case "why" -> new WhyCommand();
            case "doctor" -> new DoctorCommand();
            case "history" -> new HistoryCommand();
            case "switchover" -> new SwitchoverCommand();
            case "failover" -> new FailoverCommand();
            case "restart" -> new RestartCommand();
            case "reload" -> new ReloadCommand();
            case "reinit" -> new ReinitCommand();
            case "flush" -> new FlushCommand();
            case "pause" -> new PauseCommand(true);
            case "resume" -> new PauseCommand(false);
            case "demote-cluster" -> new ClusterKindCommand(true);
            case "promote-cluster" -> new ClusterKindCommand(false);
            case "show-config" -> new ShowConfigCommand();
            case "edit-config" -> new EditConfigCommand();
            case "config" -> new ConfigCommand();
            case "query" -> new QueryCommand();
            case "dsn" -> new DsnCommand();
            case "detach" -> new DetachCommand();
            case "remove" -> new RemoveCommand();
            case "version" -> new VersionCommand();
            case "import-vip" -> new ImportVipCommand();
            case "completion" -> new CompletionCommand();
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** Only what the arguments could mean: each command costs a class, and its options more. */
    private static List<String> meant(String[] arguments) {
        List<String> words = List.of(arguments);
        List<String> meant = COMMANDS.stream().filter(words::contains).toList();
        return meant.isEmpty() ? COMMANDS : meant;
    }

    static CommandSpec spec(String programName, List<String> commands) {
        CommandSpec spec = CommandSpec.create().name(programName).addOption(help());
        spec.usageMessage()
                .description("Looks at a PostgreSQL cluster and orders it about.")
                .footer(
                        "",
                        "Begin with \"list\". If something is not as it should be, ask \"why\" and \"doctor\".",
                        "A planned change of the leader is \"switchover\"; with a dead one it is \"failover\".",
                        "\"COMMAND --help\" tells of one command.");
        spec.addOption(Options.text("The agent's configuration, or patronictl's.", "FILE", "-c", "--config-file"));
        spec.addOption(Options.text(
                "The store, in place of the file's: etcd3://HOST:PORT/NAMESPACE.", "URL", "-d", "--dcs-url", "--dcs"));
        spec.addOption(Options.flag("Believes agents without verifying their certificates.", "-k", "--insecure"));
        commands.forEach(name -> spec.addSubcommand(name, command(name).spec().addOption(help())));
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

    private static Session.Opened open(ClientConfig config, Optional<Path> file, Map<String, String> environment) {
        ThreadFactory threads = threads().factory("grpc");
        RestClient client = new RestClient(AgentCtl::now, config.ctl().auth(), trust(config.ctl()));
        return new Session.Opened(
                new ConfiguredAccess(
                        config, dcs -> EtcdDcs.connect(dcs, threads), client, new SqlClient(environment), file),
                config.scope());
    }

    /** For what a command does at the same time. */
    static Threads threads() {
        return new Threads((thread, bug) -> System.err.println("Error: a bug in " + thread.getName() + ": " + bug));
    }

    /** The date will do for the timeouts of a program that lives for seconds, and needs no native library. */
    private static Moment now() {
        return new Moment(
                Duration.ofMillis(new WallClock().now().toEpochMilli()).toNanos());
    }

    private static TlsTrust trust(CtlConfig ctl) {
        TlsTrust trust =
                ctl.insecure() ? TlsTrust.anybody() : ctl.ca().map(TlsTrust::of).orElseGet(TlsTrust::ofRuntime);
        return trust.showing(ctl.identity());
    }
}
