package pgha.agent.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryMoveTest {
    private static final Instant NOW = Instant.parse("2026-11-22T01:02:03Z");

    @TempDir
    private Path temporary;

    private Path data;

    @BeforeEach
    void resolve() throws IOException {
        data = temporary.toRealPath().resolve("data");
    }

    @Test
    void putsACloneWhereThereWasNothing() throws IOException {
        DirectoryMove move = new DirectoryMove(data, NOW);
        file(move.prepareNew().resolve("PG_VERSION"), "new");

        assertThat(move.install()).isEmpty();

        assertThat(data.resolve("PG_VERSION")).hasContent("new");
        assertThat(data.resolveSibling("data.new")).doesNotExist();
    }

    @Test
    void movesWhatWasThereAsideAndDeletesNothing() throws IOException {
        file(data.resolve("base/1"), "old");
        DirectoryMove move = new DirectoryMove(data, NOW);
        file(move.prepareNew().resolve("PG_VERSION"), "new");
        assertThat(data.resolve("base/1")).hasContent("old");

        Optional<Path> aside = move.install();

        assertThat(aside).contains(data.resolveSibling("data.moved-aside-20261122T010203Z"));
        assertThat(aside.orElseThrow().resolve("base/1")).hasContent("old");
        assertThat(data.resolve("base")).doesNotExist();
        assertThat(data.resolve("PG_VERSION")).hasContent("new");
    }

    @Test
    void movesAsideTwiceInOneSecond() throws IOException {
        file(data.resolve("base/1"), "old");
        Path old = new DirectoryMove(data, NOW).moveAside().orElseThrow();
        file(data.resolve("base/1"), "less old");

        Path lessOld = new DirectoryMove(data, NOW).moveAside().orElseThrow();

        assertThat(old.resolve("base/1")).hasContent("old");
        assertThat(lessOld).isEqualTo(data.resolveSibling("data.moved-aside-20261122T010203Z-2"));
        assertThat(lessOld.resolve("base/1")).hasContent("less old");
    }

    @Test
    void movesWhatLinksLeadToAndTheLinksWithIt() throws IOException {
        Path wal = data.resolveSibling("wal");
        Path space = data.resolveSibling("space");
        file(wal.resolve("000000010000000000000001"), "segment");
        file(space.resolve("PG_15/1"), "table");
        file(data.resolve("PG_VERSION"), "old");
        Files.createDirectory(data.resolve("pg_tblspc"));
        Files.createSymbolicLink(data.resolve("pg_wal"), wal);
        Files.createSymbolicLink(data.resolve("pg_tblspc/16400"), space);

        Path aside = new DirectoryMove(data, NOW).moveAside().orElseThrow();

        assertThat(aside.resolve("pg_wal/000000010000000000000001")).hasContent("segment");
        assertThat(aside.resolve("pg_tblspc/16400/PG_15/1")).hasContent("table");
        assertThat(wal).isEmptyDirectory();
        assertThat(space).isEmptyDirectory();
        assertThat(new DataDirectory(data).isEmpty()).isTrue();
    }

    @Test
    void startsAHalfMadeCloneOver() throws IOException {
        Path space = data.resolveSibling("space");
        file(space.resolve("PG_15/1"), "somebody's");
        Path half = data.resolveSibling("data.new");
        file(half.resolve("base/1"), "half");
        Files.createDirectory(half.resolve("pg_tblspc"));
        Files.createSymbolicLink(half.resolve("pg_tblspc/16400"), space);

        Path clone = new DirectoryMove(data, NOW).prepareNew();

        assertThat(clone).isEqualTo(half).doesNotExist();
        assertThat(data.resolveSibling("space.moved-aside-20261122T010203Z").resolve("PG_15/1"))
                .hasContent("somebody's");
    }

    @Test
    void followsADataDirectoryThatIsALink() throws IOException {
        Path real = data.resolveSibling("disk");
        file(real.resolve("PG_VERSION"), "old");
        Files.createSymbolicLink(data, real);
        DirectoryMove move = new DirectoryMove(data, NOW);
        file(move.prepareNew().resolve("PG_VERSION"), "new");

        move.install();

        assertThat(data.resolve("PG_VERSION")).hasContent("new");
        assertThat(data).isSymbolicLink();
        assertThat(data.resolveSibling("disk.moved-aside-20261122T010203Z").resolve("PG_VERSION"))
                .hasContent("old");
    }

    private static void file(Path file, String contents) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, contents);
    }
}
