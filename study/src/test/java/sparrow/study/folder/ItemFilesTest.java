package sparrow.study.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.ComputeStats;
import sparrow.engine.reply.EarlyTokenAgreement;
import sparrow.engine.reply.StopReason;
import sparrow.formats.BadFileException;
import sparrow.study.run.KeptReply;

/** Results that are kept come back; those that were cut are computed again, and those that somebody changed are refused. */
class ItemFilesTest {
    private static final KeptReply REPLY = new KeptReply(
            "hi",
            StopReason.END_TOKEN,
            7,
            List.of(new Unit.Token(3), new Unit.Frame(List.of(1, 2))),
            "TS",
            List.of(1, 1),
            List.of(4, 4),
            List.of(0, 0),
            new ComputeStats(
                    new ComputeStats.Share(new TreeMap<>(java.util.Map.of(4, 2)), 8, 0, 0), ComputeStats.Share.NONE),
            EarlyTokenAgreement.NONE,
            0.25,
            null);

    @TempDir
    private Path folder;

    private ItemFiles<KeptReply> files;
    private Path file;

    @BeforeEach
    void keep() throws IOException {
        files = new ItemFiles<>(folder, KeptReply.class);
        files.write(REPLY, "a");
        file = folder.resolve("a.json");
    }

    @Test
    void aReplyComesBack() throws IOException {
        assertThat(files.read("a")).contains(REPLY);
    }

    @Test
    void aReplyThatWasCutAnywhereIsComputedAgain() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length - 2; length++) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));

            assertThat(files.read("a")).as("%d bytes", length).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"4\" : 2 | \"4\" : null | compute.text.passes.4: expected a whole number, found null",
                "\"4\" : 2 | \"4\" : 1.5 | compute.text.passes.4: expected a whole number, found 1.5",
                "\"4\" : 2 | \"4\" : \"2\" | compute.text.passes.4: expected a whole number, found \"2\"",
                "\"prompt_tokens\" : 7 | \"prompt_tokens\" : null | prompt_tokens: expected a whole number, found null",
                "\"prompt_tokens\" : 7, | '' | prompt_tokens: expected ",
                "\"prompt_tokens\" : 7 | \"prompt_tokens\" : 7.9 | prompt_tokens: expected a whole number, found 7.9",
                "\"text\" : \"hi\" | \"text\" : 1 | text: expected a string, found 1",
                "\"modalities\" : \"TS\" | \"modalities\" : \"TX\" | modalities: expected only T and S",
                "\"exit_layers\" : [ 4, 4 ] | \"exit_layers\" : [ 4, null ] | exit_layers.1: expected a whole number, found null",
                "\"exit_layers\" : [ 4, 4 ] | \"exit_layers\" : [ 4 ] | expected all lists to have the length of its 2 units",
                "\"exit_layers\" : | \"exit_layer\" : | exit_layers: expected a list, found nothing"
            })
    void aReplyThatSomebodyChangedIsRefusedByKey(String found, String changed, String why) throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(found);
        Files.writeString(file, text.replace(found, changed));

        assertThatThrownBy(() -> files.read("a"))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(why);
    }
}
