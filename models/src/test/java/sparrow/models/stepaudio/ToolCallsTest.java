package sparrow.models.stepaudio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.formats.text.Tokenizer;
import sparrow.models.family.BadToolCallException;
import sparrow.models.family.PromptTokens;
import sparrow.models.family.Tool;
import sparrow.models.family.ToolCall;
import sparrow.models.family.ToolCallReader;
import sparrow.models.family.ToolFormat;

/** Tools in prompts, and calls in replies: whole, or not at all. */
class ToolCallsTest {
    private static final Tokenizer TOKENIZER = StepGolden.TOKENIZER;
    private static final StepAudioPrompts PROMPTS = StepGolden.PROMPTS;
    private static final ToolFormat FORMAT =
            StepAudioTools.of(TOKENIZER, PROMPTS).orElseThrow();
    private static final Tool SEARCH = new Tool(
            "search",
            Optional.of("搜索工具"),
            Optional.of(
                    "{\"type\":\"object\",\"properties\":{\"query\":{\"type\":\"string\",\"description\":\"搜索关键词\"}},"
                            + "\"required\":[\"query\"],\"additionalProperties\":false}"));
    private static final List<Tool> TOOLS = List.of(SEARCH, new Tool("get_time-2", Optional.empty(), Optional.empty()));
    private static final int[] BYTES = bytes();

    static LongStream seeds() {
        return new SplittableRandom().longs(Integer.getInteger("sparrow.seeds", 10));
    }

    private static int[] bytes() {
        int[] ids = new int[256];
        for (int id = 0; id < TOKENIZER.textTokens(); id++) {
            byte[] text = TOKENIZER.textBytes(id);
            if (text.length == 1) ids[text[0] & 0xff] = id;
        }
        return ids;
    }

    private static ToolCallReader reader() {
        return new ToolCallReader(Optional.of(FORMAT), TOOLS, TOKENIZER::streamWritten);
    }

    /** The list in the official example of tool calls. */
    @Test
    void theFirstPromptTellsOfToolsBehindTheSystemTurn() {
        PromptTokens prompt = PROMPTS.typed().first("Hello", Optional.of("Be brief."), List.of(SEARCH));

        String shared =
                "<|BOT|>system\nBe brief.<|EOT|><|BOT|>tool_json_schemas\n[{\"type\": \"function\", \"function\": "
                        + "{\"name\": \"search\", \"description\": \"搜索工具\", \"parameters\": {\"type\": \"object\", \"properties\": "
                        + "{\"query\": {\"type\": \"string\", \"description\": \"搜索关键词\"}}, \"required\": [\"query\"], "
                        + "\"additionalProperties\": false}}}]<|EOT|>";
        assertThat(TOKENIZER.decode(prompt.ids()))
                .isEqualTo(shared + "<|BOT|>human\nHello<|EOT|><|BOT|>assistant\n<tts_start>");
        assertThat(TOKENIZER.decode(Arrays.copyOf(prompt.ids(), prompt.shared())))
                .isEqualTo(shared);
        assertThat(PROMPTS.typed().first("Hello", Optional.empty(), List.of()))
                .usingRecursiveComparison()
                .isEqualTo(PROMPTS.typed().first("Hello", Optional.empty()));
    }

    @Test
    void outputsFollowTheReplyThatCalled() {
        PromptTokens prompt = FORMAT.outputs().later(List.of("7 <|EOT|>", "{\"a\": 1}"));

        assertThat(TOKENIZER.decode(prompt.ids()))
                .isEqualTo("<|EOT|><|BOT|>input\n7 <|EOT|><|EOT|><|BOT|>input\n{\"a\": 1}<|EOT|>"
                        + "<|BOT|>assistant\n<tts_start>");
        int end = TOKENIZER.id("<|EOT|>").orElseThrow();
        assertThat(IntStream.of(prompt.ids()).filter(id -> id == end)).hasSize(3);
    }

    @Test
    void callsArePutBackAsTheyAreWritten() {
        int[] ids = FORMAT.tokens(
                List.of(new ToolCall("search", "{\"query\": \"</tool_call>\"}"), new ToolCall("get_time-2", "{}")));

        assertThat(TOKENIZER.decode(ids))
                .isEqualTo("<tts_end><tool_call>function\nsearch\n{\"query\": \"</tool_call>\"}</tool_call>"
                        + "<tool_call>function\nget_time-2\n{}</tool_call>");
        assertThat(IntStream.of(ids).filter(id -> id == FORMAT.end())).hasSize(2);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void callsComeOutWholeHoweverTheyAreSplit(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 50; round++) {
            List<ToolCall> calls = new ArrayList<>();
            for (int i = random.nextInt(1, 4); i > 0; i--) calls.add(call(random));
            List<Integer> ids = new ArrayList<>(split("He said {\"a\": </tool_call> ", random));
            int before = ids.size();
            for (ToolCall call : calls) ids.addAll(written(call, random));

            ToolCallReader reader = reader();
            List<ToolCall> found = new ArrayList<>();
            for (int i = 0; i < ids.size(); i++) {
                assertThat(reader.isCalling()).isEqualTo(i > before);
                reader.accept(ids.get(i)).ifPresent(found::add);
            }

            assertThat(found).isEqualTo(calls);
            assertThat(reader.isOpen()).isFalse();
            // Cut anywhere, no call is there that had not ended.
            int cut = random.nextInt(before + 1, ids.size());
            ToolCallReader half = reader();
            List<ToolCall> whole = new ArrayList<>();
            for (int id : ids.subList(0, cut)) half.accept(id).ifPresent(whole::add);
            assertThat(calls.subList(0, whole.size())).isEqualTo(whole);
            assertThat(half.isOpen()).isEqualTo(ids.get(cut - 1) != FORMAT.end());
        }
    }

    /** Whatever a model writes is a call of an offered tool with a JSON object, or is told as none. */
    @ParameterizedTest
    @MethodSource("seeds")
    void damagedCallsAreNoHalfCalls(long seed) throws JsonProcessingException {
        SplittableRandom random = new SplittableRandom(seed);
        int refused = 0;
        for (int round = 0; round < 200; round++) {
            List<Integer> ids = new ArrayList<>(written(call(random), random));
            for (int i = random.nextInt(1, 4); i > 0; i--) damage(ids, random);
            ids.add(FORMAT.end());
            ToolCallReader reader = reader();
            try {
                for (int id : ids) {
                    Optional<ToolCall> call = reader.accept(id);
                    if (call.isEmpty()) continue;
                    assertThat(TOOLS).extracting(Tool::name).contains(call.get().name());
                    assertThat(new ObjectMapper()
                                    .readTree(call.get().arguments())
                                    .isObject())
                            .isTrue();
                }
            } catch (BadToolCallException e) {
                refused++;
                assertThat(e.getMessage())
                        .startsWith("tool call of the model: ")
                        .doesNotContain("\n");
            }
        }
        assertThat(refused).isGreaterThan(50);
    }

    private static void damage(List<Integer> ids, SplittableRandom random) {
        int at = random.nextInt(1, ids.size());
        switch (random.nextInt(3)) {
            case 0 -> ids.remove(at);
            case 1 -> ids.set(at, random.nextInt(700));
            default -> ids.add(at, random.nextInt(700));
        }
    }

    @Test
    void aCallWithoutEndIsToldInTime() {
        ToolCallReader reader = reader();
        reader.accept(FORMAT.begin());
        int token = TOKENIZER.encodeText("Hello")[0];

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 10_000; i++) reader.accept(token);
                })
                .isInstanceOf(BadToolCallException.class)
                .hasMessageContaining("found no end");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "function",
                "function\nsearch",
                "function\nsearch\n",
                "function\nsearch\n[1]",
                "function\nsearch\n{} {}",
                "function\nsearch\n{\"a\": 1, \"a\": 2}",
                "function\nsearch\n{\"a\": {}",
                "function\nlook\n{}",
                "search\n{}",
                "function\n\n{}"
            })
    void textsThatAreNoCallsAreToldInOneLine(String text) {
        ToolCallReader reader = reader();
        reader.accept(FORMAT.begin());
        for (int id : TOKENIZER.encodeText(text)) reader.accept(id);

        assertThatThrownBy(() -> reader.accept(FORMAT.end()))
                .isInstanceOf(BadToolCallException.class)
                .hasMessageMatching("tool call of the model: [^\n]{10,200}");
    }

    @Test
    void withoutToolsTextIsText() {
        ToolCallReader reader = new ToolCallReader(Optional.of(FORMAT), List.of(), TOKENIZER::streamWritten);

        for (int id : FORMAT.tokens(List.of(new ToolCall("search", "{}")))) {
            assertThat(reader.accept(id)).isEmpty();
        }
        assertThat(reader.isCalling()).isFalse();
    }

    private static ToolCall call(SplittableRandom random) {
        String name = TOOLS.get(random.nextInt(TOOLS.size())).name();
        return new ToolCall(name, object(random, 3).toString());
    }

    private static ObjectNode object(SplittableRandom random, int depth) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        for (int i = random.nextInt(4); i > 0; i--) {
            String key = text(random) + i;
            switch (random.nextInt(depth == 0 ? 2 : 4)) {
                case 0 -> node.put(key, text(random));
                case 1 -> node.put(key, random.nextInt());
                case 2 -> node.set(key, object(random, depth - 1));
                default -> {
                    ArrayNode list = node.putArray(key);
                    for (int j = random.nextInt(3); j > 0; j--) list.add(object(random, depth - 1));
                }
            }
        }
        return node;
    }

    private static String text(SplittableRandom random) {
        List<String> pieces =
                List.of("{", "}", "\"", "\\", "\n", "</tool_call>", "<|EOT|>", "天气", "🐦", "ß", "Hello ", "\u0001");
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) text.append(pieces.get(random.nextInt(pieces.size())));
        return text.toString();
    }

    private static List<Integer> written(ToolCall call, SplittableRandom random) {
        List<Integer> ids = new ArrayList<>(List.of(FORMAT.begin()));
        ids.addAll(split("function\n" + call.name() + "\n" + call.arguments(), random));
        ids.add(FORMAT.end());
        return ids;
    }

    /** A text as tokens, those of the tokenizer and single bytes by turns. */
    private static List<Integer> split(String text, SplittableRandom random) {
        List<Integer> ids = new ArrayList<>();
        for (int id : TOKENIZER.encodeText(text)) {
            if (random.nextInt(3) > 0) ids.add(id);
            else for (byte one : TOKENIZER.textBytes(id)) ids.add(BYTES[one & 0xff]);
        }
        assertThat(new String(all(ids), StandardCharsets.UTF_8)).isEqualTo(text);
        return ids;
    }

    private static byte[] all(List<Integer> ids) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int id : ids) bytes.writeBytes(TOKENIZER.textBytes(id));
        return bytes.toByteArray();
    }
}
