package pgha.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import pgha.lab.LabException;

/** The commands of a page of {@code docs}: its blocks marked as bash, by the heading that they stand under. Immutable. */
final class Instructions {
    private static final String BEGIN = "```bash";
    private static final String END = "```";
    private static final String HEADING = "## ";

    private final Path page;
    private final Map<String, List<List<String>>> blocks;

    private Instructions(Path page, Map<String, List<List<String>>> blocks) {
        this.page = page;
        this.blocks = blocks;
    }

    static Instructions of(String pageName) {
        Path page = Path.of("../docs", pageName);
        Map<String, List<List<String>>> blocks = new HashMap<>();
        String heading = "";
        List<String> open = null;
        for (String line : lines(page)) {
            if (open == null && line.startsWith(HEADING)) {
                heading = line.substring(HEADING.length());
            } else if (line.equals(BEGIN)) {
                open = new ArrayList<>();
            } else if (open != null && line.equals(END)) {
                blocks.computeIfAbsent(heading, any -> new ArrayList<>()).add(List.copyOf(open));
                open = null;
            } else if (open != null) {
                open.add(line);
            }
        }
        return new Instructions(page, blocks);
    }

    /** The lines of a block, the first under its heading being number 1. */
    List<String> block(String heading, int number) {
        List<List<String>> all = blocks.getOrDefault(heading, List.of());
        if (number > all.size()) {
            throw new LabException("cannot find block %d under \"%s\" in %s".formatted(number, heading, page));
        }
        return all.get(number - 1);
    }

    private static List<String> lines(Path page) {
        try {
            return Files.readAllLines(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
