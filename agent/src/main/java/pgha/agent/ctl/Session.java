package pgha.agent.ctl;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a command works with: the terminal, what it can reach, and the cluster it is about.
 *
 * <p>Confined to the command's thread. The configuration is read, and connections are made, when they are first needed.
 */
final class Session implements AutoCloseable {
    /** Reads the configuration. */
    interface Opener {
        Opened open() throws CommandFailed;
    }

    /** Has a person change a text. */
    interface TextEditor {
        String edit(String text, String name) throws CommandFailed;
    }

    /** @param scope the cluster of the configuration file, if it names one */
    record Opened(ClusterAccess access, Optional<String> scope) {}

    private final Terminal terminal;
    private final Opener opener;
    private final TextEditor editor;
    private @Nullable Opened opened;

    Session(Terminal terminal, Opener opener, TextEditor editor) {
        this.terminal = terminal;
        this.opener = opener;
        this.editor = editor;
    }

    /** Has a person change a text; {@code name} is what the text is called meanwhile. */
    String edit(String text, String name) throws CommandFailed {
        return editor.edit(text, name);
    }

    Terminal terminal() {
        return terminal;
    }

    ClusterAccess access() throws CommandFailed {
        return opened().access();
    }

    private Opened opened() throws CommandFailed {
        Opened known = opened == null ? opener.open() : opened;
        opened = known;
        return known;
    }

    /** The cluster that was named, or else that of the file. */
    String cluster(@Nullable String named) throws CommandFailed {
        if (named != null) {
            return named;
        }
        Optional<String> scope = opened().scope();
        if (scope.isEmpty()) {
            throw new CommandFailed(
                    "cannot tell which cluster is meant: the configuration names no scope; give CLUSTER");
        }
        return scope.get();
    }

    /** Prints the members of a cluster as people read them. */
    void printMembers(ClusterPicture picture) {
        printMembers(picture, TableText.PRETTY, false);
    }

    void printMembers(ClusterPicture picture, TableText format, boolean extended) {
        picture.note().ifPresent(terminal::complain);
        terminal.print(format.print(MemberTable.of(picture, extended, format.isForPeople())));
        if (format.isForPeople()) {
            terminal.print(Footnotes.of(picture));
        }
    }

    /** Prints them in the order in which they follow each other. */
    void printTree(ClusterPicture picture) {
        picture.note().ifPresent(terminal::complain);
        terminal.print(TableText.PRETTY.print(MemberTable.asTree(picture)));
        terminal.print(Footnotes.of(picture));
    }

    @Override
    public void close() {
        if (opened != null) {
            opened.access().close();
        }
    }
}
