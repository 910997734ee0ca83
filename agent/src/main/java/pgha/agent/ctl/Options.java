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

    /** @param standard the name of the format that is used if none is given */
    static OptionSpec format(String standard, String... names) {
        return builder(names)
                .paramLabel("FORMAT")
                .type(TableText.class)
                .defaultValue(standard)
                .description("One of pretty, tsv, json, yaml, yml.")
                .build();
    }

    /** Which members are meant. */
    static OptionSpec role(String what) {
        return builder("-r", "--role")
                .paramLabel("ROLE")
                .type(MemberRole.class)
                .description(what + " One of leader, primary, standby-leader, replica, standby, any.")
                .build();
    }

    /** Options that may be given several times. */
    static OptionSpec texts(String description, String label, String... names) {
        return builder(names)
                .paramLabel(label)
                .type(String[].class)
                .description(description)
                .build();
    }

    /** A cluster, which must be named, and members of it. */
    static PositionalParamSpec clusterAndMembers() {
        return PositionalParamSpec.builder()
                .paramLabel("CLUSTER [MEMBER...]")
                .hideParamSyntax(true)
                .arity("1..*")
                .required(true)
                .type(String[].class)
                .description("The cluster, and which of its members; without a name, all that fit.")
                .build();
    }

    private static OptionSpec.Builder builder(String... names) {
        return OptionSpec.builder(names[0], Arrays.copyOfRange(names, 1, names.length));
    }
}
