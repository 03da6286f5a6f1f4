package sparrow.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a build downloads and runs is compared with a checksum, or is pinned to one. */
class DownloadsTest {
    private static final Path MAVEN = Repository.ROOT.resolve(".mvn");

    @Test
    void theWrapperChecksMaven() throws IOException {
        Properties wrapper = new Properties();
        try (var in = Files.newInputStream(MAVEN.resolve("wrapper/maven-wrapper.properties"))) {
            wrapper.load(in);
        }

        assertThat(wrapper.getProperty("distributionSha256Sum")).matches("[0-9a-f]{64}");
    }

    @Test
    void mavenRefusesLibrariesWithAnotherChecksum() throws IOException {
        assertThat(Files.readAllLines(MAVEN.resolve("maven.config"))).contains("--strict-checksums");
    }

    @Test
    void actionsOfWorkflowsAreCommits() throws IOException {
        List<String> uses;
        try (Stream<Path> workflows = Files.list(Repository.ROOT.resolve(".github/workflows"))) {
            uses = workflows
                    .flatMap(file -> lines(file).stream())
                    .filter(line -> line.matches("[- ]*uses:.*"))
                    .toList();
        }

        assertThat(uses).isNotEmpty().allMatch(line -> line.matches("[- ]*uses: \\S+@[0-9a-f]{40}( #.*)?"));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
