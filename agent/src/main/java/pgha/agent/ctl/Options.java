package pgha.agent.ctl;

import java.util.Arrays;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The options and arguments that commands have in common. Pure. */
final class Options {
    private Options() {}

    static PositionalParamSpec cluster() {
        return cluster("0..1", String.class);
    }

    static PositionalParamSpec clusters() {
        return cluster("0..*", String[].class);
    }

    private static PositionalParamSpec cluster(String arity, Class<?> type) {
        return PositionalParamSpec.builder()
                .paramLabel("CLUSTER")
                .arity(arity)
                .type(type)
                .description("By default the scope of the configuration file.")
                .build();
    }

    static OptionSpec flag(String description, String... names) {
        return builder(names)
                .arity("0")
                .type(boolean.class)
                .description(description)
                .build();
    }

    static OptionSpec text(String description, String label, String... names) {
        return builder(names)
                .paramLabel(label)
                .type(String.class)
                .description(description)
                .build();
    }

    private static OptionSpec.Builder builder(String... names) {
        return OptionSpec.builder(names[0], Arrays.copyOfRange(names, 1, names.length));
    }
}
