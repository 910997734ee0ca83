package pgha.agent.os;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A program to be run: its file, arguments, environment and where its output goes.
 *
 * <p>Immutable.
 *
 * @param arguments without the program's own name
 * @param environment all of it: nothing else is passed on
 * @param output a file that standard output and standard error are appended to, created with mode 0600; never a pipe,
 *     whose reader could stop
 */
public record Command(Path program, List<String> arguments, SortedMap<String, String> environment, Path output) {
    public Command {
        arguments = List.copyOf(arguments);
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    }

    /** The same with more environment. */
    public Command with(Map<String, String> more) {
        SortedMap<String, String> all = new TreeMap<>(environment);
        all.putAll(more);
        return new Command(program, arguments, all, output);
    }

    List<String> argv() {
        List<String> argv = new ArrayList<>();
        argv.add(program.toString());
        argv.addAll(arguments);
        return argv;
    }
}
