package pgha.agent.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import pgha.agent.config.YamlText;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code import-vip}: turns vip-manager's file into the agent's section. Needs no store. */
final class ImportVipCommand implements Command {
    @Override
    public String name() {
        return "import-vip";
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description("Turns vip-manager's file into the section vip: of the agent's.");
        return spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("FILE")
                .arity("1")
                .required(true)
                .type(String.class)
                .description("Such as /etc/default/vip-manager.yml.")
                .build());
    }

    @Override
    public void run(Session session, ParseResult arguments) throws CommandFailed {
        String file = arguments.matchedPositionalValue(0, "");
        JsonNode old = read(file);
        VipImport imported = VipImport.of(old);
        if (!imported.problems().isEmpty()) {
            throw new CommandFailed("cannot import %s: %s".formatted(file, String.join("; ", imported.problems())));
        }
        session.terminal().print(imported.section());
        imported.notes().forEach(session.terminal()::complain);
    }

    private static JsonNode read(String file) throws CommandFailed {
        try {
            return YamlText.json(Files.readString(Path.of(file)));
        } catch (NoSuchFileException e) {
            throw new CommandFailed("cannot read " + file + ": no such file");
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandFailed("cannot read %s: %s".formatted(file, e.getMessage()));
        }
    }
}
