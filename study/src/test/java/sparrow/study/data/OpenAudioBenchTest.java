package sparrow.study.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.formats.BadFileException;

/** OpenAudioBench's folders, in the layout that public readers expect. */
class OpenAudioBenchTest {
    private static final Path SPOKEN = Samples.FOLDER.resolve("llama");

    @TempDir
    private Path folder;

    private List<Item> items(String subset, String csv) throws IOException {
        Path audios = Files.createDirectories(folder.resolve(subset).resolve("audios"));
        try (Stream<Path> files = Files.walk(SPOKEN)) {
            Path wav = files.filter(file -> file.toString().endsWith(".wav"))
                    .findFirst()
                    .orElseThrow();
            Files.copy(wav, audios.resolve("a.wav"));
        }
        Files.writeString(folder.resolve(subset).resolve(subset + ".csv"), csv);
        try (Stream<Item> items =
                Datasets.open("openaudiobench:" + folder.resolve(subset)).items()) {
            return items.toList();
        }
    }

    @Test
    void readsQuestionsWithTheirRecordingsAndAnswers() throws IOException {
        List<Item> items = items(
                "llama_questions",
                "\uFEFFQuestions,Answer,audio_filename\r\n"
                        + "\"Who wrote \"\"Emma\"\", and when?\",\"Jane Austen,\n1815\",a.wav\r\n");

        assertThat(items).hasSize(1);
        assertThat(items.getFirst().question()).isEqualTo("Who wrote \"Emma\", and when?");
        assertThat(items.getFirst().answers()).containsExactly("Jane Austen,\n1815");
        assertThat(items.getFirst().recording().orElseThrow().read().sampleRateHz())
                .isEqualTo(16_000);
    }

    @Test
    void readsAliasesAndListsOfAnswers() throws IOException {
        assertThat(items(
                                "trivia_qa",
                                "question,answer_normalized_value,answer_normalized_aliases,audio_filename\n"
                                        + "Which city?,paris,\"paris,city of light, lutetia\",a.wav\n")
                        .getFirst()
                        .answers())
                .containsExactly("paris", "city of light", "lutetia");
        assertThat(items("web_questions", "audio_filename,question,answers\na.wav,Who?,\"['Tony Warren', 'Lawyer']\"")
                        .getFirst()
                        .answers())
                .containsExactly("Tony Warren", "Lawyer");
    }

    @Test
    void outputsOfAnotherModelAreNoReferenceAnswers() throws IOException {
        items("alpaca_eval", "instruction,output,audio_filename\nWrite a poem.,A poem.,a.wav\n");

        assertThat(Datasets.open("openaudiobench:" + folder.resolve("alpaca_eval"))
                        .task())
                .isEqualTo(Task.OPEN_ENDED);
    }

    @Test
    void damagedTablesAreRejectedWithTheirRow() {
        assertThatThrownBy(() -> items("web_questions", "question,answers,audio_filename\nWho?,x\n"))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("web_questions.csv: row 1: expected 3 cells, found 2");
        assertThatThrownBy(() -> items("trivia_qa", "question,answer_normalized_value\n\"Who?,x\n"))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("a quotation mark is not closed");
        assertThatThrownBy(() -> items("llama_questions", "Questions,Answer,audio_filename\nWho?,x,../../b.wav\n"))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("audio_filename: expected a path within the folder");
        assertThatThrownBy(() -> items("reasoning_qa", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected a folder named alpaca_eval");
    }
}
