package sparrow.study.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cuts of the published files themselves, those that cannot be handed on included, where a folder of them is given. */
@EnabledIfSystemProperty(
        named = "sparrow.data",
        matches = ".+",
        disabledReason = "no folder of published samples given")
class PublishedSamplesTest {
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "alpaca, alpaca_eval/alpaca_eval_text_davinci_003_sample40.json, 40",
        "llama, llama_questions/llama_questions_head40.tsv, 40",
        "triviaqa, triviaqa/triviaqa_official_format_sample.json, 1",
        "triviaqa, triviaqa/triviaqa_test_sample40.flashrag.jsonl, 40",
        "webquestions, web_questions/webquestions_test_head24.sempre.json, 24",
        "webquestions, web_questions/webquestions_test_head40.brmson.json, 40",
        "folder, demo-eval, 120"
    })
    void readsEveryRow(String format, String file, int rows) {
        List<Item> items = Samples.items(format, Path.of(System.getProperty("sparrow.data"), file));

        assertThat(items).hasSize(rows);
        assertThat(items).allMatch(item -> !item.answers().isEmpty());
    }
}
