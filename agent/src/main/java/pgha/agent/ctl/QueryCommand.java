package pgha.agent.ctl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import pgha.agent.ctl.ClusterPicture.Entry;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code query}: sends a statement to a member's server and prints what comes back. */
final class QueryCommand implements Command {
    @Override
    public String name() {
        return "query";
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description("Sends a statement to a member's PostgreSQL and prints the result.");
        MemberTarget.addOptions(spec);
        Watching.addOptions(spec);
        return spec.addPositional(Options.cluster())
                .addOption(Options.text("The statement.", "SQL", "-c", "--command"))
                .addOption(Options.text("A file with the statement.", "FILE", "-f", "--file"))
                .addOption(Options.format("TSV", "--format"))
                .addOption(Options.text("What stands between values in tsv; by default a tab.", "TEXT", "--delimiter"))
                .addOption(Options.text("Whom to connect as; by default as psql would.", "USER", "-U", "--username"))
                .addOption(Options.text("The database; by default as psql would.", "NAME", "-d", "--dbname"))
                .addOption(Options.flag("Asks for the password.", "--password"));
    }

    @Override
    public void run(Session session, ParseResult arguments) throws CommandFailed {
        MemberTarget wanted = MemberTarget.of(arguments);
        String sql = statement(session.terminal(), arguments);
        Optional<String> password = arguments.hasMatchedOption("--password")
                ? Optional.of(session.terminal().demandSecret("Password"))
                : Optional.empty();
        String cluster = session.cluster(arguments.matchedPositionalValue(0, null));
        Watching.run(session, arguments, false, () -> {
            Optional<Entry> member = wanted.in(session.access().picture(cluster));
            QueryReply reply = member.isPresent()
                    ? session.access().query(target(member.get(), wanted, arguments, password), sql)
                    : new QueryReply.NoConnection(
                            "cluster %s has no such member, or does not know its address".formatted(cluster));
            report(session.terminal(), arguments, wanted, reply);
        });
    }

    private static String statement(Terminal terminal, ParseResult arguments) throws CommandFailed {
        Optional<String> command = Optional.ofNullable(arguments.matchedOptionValue("-c", null));
        Optional<String> file = Optional.ofNullable(arguments.matchedOptionValue("-f", null));
        if (command.isPresent() && file.isPresent()) {
            throw new CommandFailed("--file and --command are mutually exclusive options");
        }
        if (command.isPresent()) {
            return command.get();
        }
        String name = file.orElseThrow(() -> new CommandFailed("You need to specify either --command or --file"));
        try {
            return name.equals("-") ? terminal.rest() : Files.readString(Path.of(name));
        } catch (IOException e) {
            throw new CommandFailed("cannot read %s: %s".formatted(name, e.getMessage()));
        }
    }

    private static QueryTarget target(
            Entry member, MemberTarget wanted, ParseResult arguments, Optional<String> password) {
        return new QueryTarget(
                member.host(),
                member.port(),
                Optional.ofNullable(arguments.matchedOptionValue("-U", null)),
                password,
                Optional.ofNullable(arguments.matchedOptionValue("-d", null)),
                wanted.inRecovery());
    }

    /** Trouble is a row as well, as with patronictl: who reads rows sees it. */
    private static void report(Terminal terminal, ParseResult arguments, MemberTarget wanted, QueryReply reply)
            throws CommandFailed {
        switch (reply) {
            case QueryReply.Rows rows -> terminal.print(print(arguments, rows));
            case QueryReply.Refused refused -> {
                trouble(terminal, "ERROR, SQLSTATE: " + refused.sqlState());
                throw new CommandFailed(refused.message());
            }
            case QueryReply.NoConnection none -> {
                trouble(terminal, "No connection to " + wanted + " is available");
                throw new CommandFailed(none.cause());
            }
        }
    }

    private static void trouble(Terminal terminal, String sentence) {
        terminal.printLine(terminal.stamp() + "\t" + sentence);
    }

    private static String print(ParseResult arguments, QueryReply.Rows rows) {
        if (rows.columns().isEmpty()) {
            return "";
        }
        Table table = Table.plain(rows.columns(), Set.of(), rows.rows());
        TableText format = arguments.matchedOptionValue("--format", TableText.TSV);
        String delimiter = arguments.matchedOptionValue("--delimiter", "\t");
        return format == TableText.TSV ? TableText.separated(table, delimiter) : format.print(table);
    }
}
