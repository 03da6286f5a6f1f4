package sparrow.study.data;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.study.data.Samples.FOLDER;
import static sparrow.study.data.Samples.items;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.speech.wave.Waveform;

/** The published formats, with what is odd about each. */
class PublishedFormatsTest {
    @Test
    void readsAlpacaEval() {
        Path file = FOLDER.resolve("alpaca/model_outputs.json");

        List<Item> items = items("alpaca", file);

        assertThat(items).extracting(Item::id).containsExactly("000001", "000002", "000003", "000004");
        assertThat(items.get(2).question()).isEqualTo("Explain \"opportunity cost\" to a ten-year-old.");
        assertThat(items.get(3).answers().getFirst()).startsWith("Steam climbs the window,\n");
        assertThat(items).allMatch(item -> item.recording().isEmpty());
        assertThat(Datasets.open("alpaca:" + file).task()).isEqualTo(Task.OPEN_ENDED);
    }

    @Test
    void readsLlamaQuestionsWithTheRecordingsThatAreThere() throws IOException {
        List<Item> items = items("llama", FOLDER.resolve("llama/llama_questions.tsv"));

        assertThat(items)
                .extracting(Item::question)
                .containsExactly(
                        "What is the freezing point of water in degrees Celsius?",
                        "Who wrote the novel \"Emma\"?",
                        "\"Yesterday\" is a song of which band?",
                        "How many strings does a violin have?");
        assertThat(items)
                .extracting(Item::answers)
                .containsExactly(List.of("0"), List.of("Jane Austen"), List.of("The Beatles"), List.of("Four"));
        assertThat(items).extracting(item -> item.recording().isPresent()).containsExactly(true, false, false, false);
        Waveform first = items.getFirst().recording().orElseThrow().read();
        assertThat(first.sampleRateHz()).isEqualTo(16_000);
        assertThat(first.samples()).hasSize(1600);
    }

    @Test
    void readsTriviaQaAsItsAuthorsPublishIt() {
        List<Item> items = items("triviaqa", FOLDER.resolve("triviaqa/official.json"));

        assertThat(items).hasSize(1);
        assertThat(items.getFirst().id()).isEqualTo("tc_33");
        assertThat(items.getFirst().question())
                .isEqualTo("Which Lloyd Webber musical premiered in the US on 10th December 1993?");
        assertThat(items.getFirst().answers())
                .containsExactlyInAnyOrder(
                        "Sunset Boulevard", "Sunset Blvd", "West Sunset Boulevard", "Sunset Bulevard", "Sunset Blvd.");
    }

    @Test
    void readsTriviaQaAsJsonLinesAndUndoesTheQuotingOfAnEarlierTable() {
        List<Item> items = items("triviaqa", FOLDER.resolve("triviaqa/flashrag.jsonl"));

        assertThat(items).hasSize(40);
        assertThat(items.getFirst().id()).isEqualTo("test_6233");
        assertThat(items.getFirst().question())
                .isEqualTo("Who wrote \"A cauliflower is nothing but a cabbage with a college education\"?");
        assertThat(items.getFirst().answers()).hasSize(22).contains("Mark Twain");
        assertThat(items.get(2).answers()).contains("Argentina", "アルゼンチン");
        assertThat(items).extracting(Item::question).noneMatch(question -> question.contains("\"\""));
    }

    @Test
    void readsWebQuestionsAsSempreWritesThem() {
        List<Item> items = items("webquestions", FOLDER.resolve("webquestions/sempre.json"));

        assertThat(items).hasSize(24);
        assertThat(items.getFirst().question()).isEqualTo("what does jamaican people speak?");
        assertThat(items.getFirst().answers()).containsExactly("Jamaican Creole English Language", "Jamaican English");
        assertThat(items.get(8).answers())
                .containsExactly("Lightning rod", "Franklin stove", "Bifocals", "Glass harmonica");
        assertThat(items.get(16).answers()).containsExactly("Central Time Zone", "UTC−06:00");
        assertThat(items.get(21).answers()).contains("All Around The World (featuring Ludacris)", "Baby");
        assertThat(items.get(22).answers()).containsExactly("3/4/1841");
    }

    @Test
    void readsWebQuestionsAsRepackaged() {
        List<Item> items = items("webquestions", FOLDER.resolve("webquestions/brmson.json"));

        assertThat(items).hasSize(40);
        assertThat(items.getFirst())
                .isEqualTo(new Item(
                        "wqs000000",
                        "what does jamaican people speak?",
                        Optional.empty(),
                        List.of("Jamaican Creole English Language", "Jamaican English")));
    }

    /** Tones of 200, 400, 600 Hz: the sound of a row is its own, across row groups. */
    @Test
    void readsVoiceAssistantWithTheSoundOfEachRow() throws IOException {
        Path file = FOLDER.resolve("voiceassistant/train-00000-of-00002.parquet");

        List<Item> items = items("voiceassistant", file);

        assertThat(items).hasSize(5);
        assertThat(items.get(2).id()).isEqualTo("train-00000-of-00002-000003");
        assertThat(items.get(2).question()).isEqualTo("How many legs does a spider have?");
        assertThat(items.get(2).answers()).containsExactly("A spider has eight legs.");
        for (int row : new int[] {0, 1, 2, 4}) {
            Waveform sound = items.get(row).recording().orElseThrow().read();
            assertThat(sound.sampleRateHz()).isEqualTo(22_050);
            assertThat(sound.samples()).hasSize(1000 + 100 * row);
            int quarterPeriod = Math.round(22_050 / (4f * 200 * (row + 1)));
            assertThat(sound.samples()[quarterPeriod])
                    .isGreaterThan(0.24f); // a sine of amplitude 0.25 at its first peak
        }
    }

    @Test
    void readsAFolderOfShardsInTheirOrderAndNamesEveryRowOnce(@TempDir Path folder) throws IOException {
        Path shard = FOLDER.resolve("voiceassistant/train-00000-of-00002.parquet");
        Files.copy(shard, folder.resolve("train-00001-of-00002.parquet"));
        Files.copy(shard, folder.resolve("train-00000-of-00002.parquet"));

        Dataset dataset = Datasets.open("voiceassistant:" + folder);

        try (Stream<Item> items = dataset.items()) {
            assertThat(items.map(Item::id).skip(4).limit(2))
                    .containsExactly("train-00000-of-00002-000005", "train-00001-of-00002-000001");
        }
    }

    @Test
    void readsTheBundledFolderOfQuestionsAndRecordings() throws IOException {
        List<Item> items = items("folder", Samples.TESTDATA.resolve("demo-eval"));

        assertThat(items).hasSize(120);
        Item second = items.get(1);
        assertThat(second.id()).isEqualTo("v002");
        assertThat(second.question()).isEqualTo("what is the capital city of kenya");
        assertThat(second.answers()).containsExactly("the capital of kenya is nairobi. kenya is in africa.");
        assertThat(second.recording().orElseThrow().read().sampleRateHz()).isEqualTo(16_000);
    }

    @Test
    void readsConversationsAboutTheQuestionsOfAFolder() throws IOException {
        Path folder = Samples.TESTDATA.resolve("demo-eval");

        Item system = items("conversations", folder.resolve("system.jsonl")).getFirst();
        Item typed = items("conversations", folder.resolve("typed.jsonl")).getFirst();
        Item second = items("conversations", folder.resolve("second.jsonl")).getFirst();

        assertThat(system.instructions().orElseThrow()).startsWith("You are the voice of a museum guide.");
        assertThat(typed.turns()).containsExactly(Turn.typed("Which number follows after eighteen?"));
        assertThat(second.turns()).extracting(Turn::typed).containsExactly(false, false);
        assertThat(second.turns().getFirst().recording().orElseThrow().read().samples())
                .isNotEqualTo(second.recording().orElseThrow().read().samples());
        for (Item item : List.of(system, typed, second)) {
            assertThat(item.question())
                    .isEqualToIgnoringCase("which number follows after eighteen" + (item == typed ? "?" : ""));
            assertThat(item.answers()).containsExactly("the number after eighteen is nineteen.");
            assertThat(item.isAlone()).isEqualTo(item == typed);
        }
    }

    @Test
    void aTypedQuestionMayBringItsOwnAnswer() throws IOException {
        Path folder = Samples.TESTDATA.resolve("demo-eval");

        List<Item> heldOut = items("conversations", folder.resolve("held-out.jsonl"));

        assertThat(heldOut).hasSize(60);
        assertThat(heldOut.getFirst().turns()).containsExactly(Turn.typed("What is the food of cows?"));
        assertThat(heldOut.getFirst().answers()).containsExactly("cows eat green grass all day long.");
        List<Item> tables = items("folder", folder);
        assertThat(heldOut)
                .as("no table asks for an answer that chooses the layers")
                .flatExtracting(Item::answers)
                .doesNotContainAnyElementsOf(
                        tables.stream().flatMap(item -> item.answers().stream()).toList());
    }
}
