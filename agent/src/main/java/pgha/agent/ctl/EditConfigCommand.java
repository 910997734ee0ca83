package pgha.agent.ctl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import pgha.dcs.DcsReply;
import pgha.dcs.model.Revision;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code edit-config}: changes the cluster-wide settings, and shows what is changed before it is. */
final class EditConfigCommand implements Command {
    @Override
    public String name() {
        return "edit-config";
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description("Changes the settings of the whole cluster: in an editor, or by options.");
        return spec.addPositional(Options.cluster())
                .addOption(Options.flag("Does not show what is changed.", "-q", "--quiet"))
                .addOption(Options.texts(
                        "Sets a value, by its path: loop_wait=5; null removes.", "KEY=VALUE", "-s", "--set"))
                .addOption(Options.texts("Sets a parameter of PostgreSQL.", "PARAMETER=VALUE", "-p", "--pg"))
                .addOption(Options.text("Merges a YAML file; - is standard input.", "FILE", "--apply"))
                .addOption(Options.text("Replaces all by a YAML file; - is standard input.", "FILE", "--replace"))
                .addOption(Options.flag("Asks no questions.", "--force"));
    }

    @Override
    public void run(Session session, ParseResult arguments) throws CommandFailed {
        String cluster = session.cluster(arguments.matchedPositionalValue(0, null));
        SettingsEdit before = SettingsEdit.stored(session, cluster);
        SettingsEdit after = edited(session, arguments, before, cluster);
        boolean quiet = arguments.hasMatchedOption("-q");
        Terminal terminal = session.terminal();
        if (after.document().equals(before.document())) {
            if (!quiet) {
                terminal.printLine("Not changed");
            }
            return;
        }
        List<String> warnings = after.warnings(before);
        if (!quiet) {
            UnifiedDiff.of(before.yaml(), after.yaml()).forEach(line -> terminal.printLine(coloured(terminal, line)));
            warnings.forEach(warning -> terminal.complain("warning: " + warning));
        }
        if (!arguments.hasMatchedOption("--force")) {
            if (readsStandardInput(arguments)) {
                terminal.printLine("Use --force option to apply changes");
                return;
            }
            if (!terminal.confirm("Apply these changes?")) {
                return;
            }
        }
        write(session, cluster, after);
    }

    private static boolean readsStandardInput(ParseResult arguments) {
        return "-".equals(arguments.matchedOptionValue("--apply", ""))
                || "-".equals(arguments.matchedOptionValue("--replace", ""));
    }

    private static SettingsEdit edited(Session session, ParseResult arguments, SettingsEdit before, String cluster)
            throws CommandFailed {
        Optional<String> replace = Optional.ofNullable(arguments.matchedOptionValue("--replace", null));
        Optional<String> apply = Optional.ofNullable(arguments.matchedOptionValue("--apply", null));
        String[] settings = arguments.matchedOptionValue("-s", new String[0]);
        String[] parameters = arguments.matchedOptionValue("-p", new String[0]);
        if (replace.isEmpty() && apply.isEmpty() && settings.length + parameters.length == 0) {
            return before.replaced(session.edit(before.yaml(), cluster + "-config-"), "the edited text");
        }
        SettingsEdit edit = before;
        if (replace.isPresent()) {
            edit = edit.replaced(read(session.terminal(), replace.get()), replace.get());
        }
        if (apply.isPresent()) {
            edit = edit.merged(read(session.terminal(), apply.get()), apply.get());
        }
        for (String pair : settings) {
            edit = edit.set(pair);
        }
        for (String pair : parameters) {
            edit = edit.set("postgresql.parameters." + pair.stripLeading());
        }
        return edit;
    }

    private static String read(Terminal terminal, String file) throws CommandFailed {
        try {
            return file.equals("-") ? terminal.rest() : Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new CommandFailed("cannot read %s: %s".formatted(file, e.getMessage()));
        }
    }

    private static String coloured(Terminal terminal, String line) {
        String colour =
                switch (line.charAt(0)) {
                    case '+' -> "32";
                    case '-' -> "31";
                    case '@' -> "36";
                    default -> "";
                };
        return terminal.colourful() && !colour.isEmpty() ? "\033[" + colour + "m" + line + "\033[0m" : line;
    }

    private static void write(Session session, String cluster, SettingsEdit after) throws CommandFailed {
        switch (session.access().putSettings(cluster, after.document().toString(), after.revision())) {
            case DcsReply.Done<Revision> done -> session.terminal().printLine("Configuration changed");
            case DcsReply.Refused<Revision> refused ->
                throw new CommandFailed("Config modification aborted due to concurrent changes; look and edit again");
            case DcsReply.NoAnswer<Revision> none ->
                throw new CommandFailed("cannot tell whether the configuration was changed: %s; see show-config"
                        .formatted(none.cause()));
        }
    }
}
