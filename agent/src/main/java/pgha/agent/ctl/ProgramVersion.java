package pgha.agent.ctl;

import java.util.Optional;

/** The version of the program, from its jar. */
final class ProgramVersion {
    static final String TEXT = Optional.ofNullable(
                    ProgramVersion.class.getPackage().getImplementationVersion())
            .orElse("unpackaged");

    private ProgramVersion() {}
}
