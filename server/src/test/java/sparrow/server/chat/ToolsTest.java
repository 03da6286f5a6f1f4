package sparrow.server.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletion.Choice.FinishReason;
import com.openai.models.chat.completions.ChatCompletionAudioParam;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionCreateParams.Modality;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.completions.CompletionUsage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.server.CallingModel;
import sparrow.server.Running;
import sparrow.server.ServerPages;
import sparrow.server.Wire;

/** OpenAI's own client for Java offers a tool, gets the call of it, and sends the output. */
class ToolsTest {
    @TempDir
    private static Path folder;

    private static Running running;
    private static OpenAIClient client;

    @BeforeAll
    static void start() throws IOException {
        running = Running.of(CallingModel.write(folder.resolve("model"), CallingModel.ARGUMENTS), Running.OPTIONS);
        client = running.client();
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    private static ChatCompletionCreateParams.Builder asking() {
        return ChatCompletionCreateParams.builder()
                .model(Running.MODEL)
                .addFunctionTool(FunctionDefinition.builder()
                        .name(CallingModel.NAME)
                        .description("The weather of a city")
                        .strict(true)
                        .parameters(FunctionParameters.builder()
                                .putAdditionalProperty("type", JsonValue.from("object"))
                                .putAdditionalProperty(
                                        "properties", JsonValue.from(Map.of("city", Map.of("type", "string"))))
                                .build())
                        .build())
                .addUserMessage("How is the weather?");
    }

    private static ChatCompletionCreateParams.Builder spoken(ChatCompletionCreateParams.Builder request) {
        return request.modalities(List.of(Modality.TEXT, Modality.AUDIO))
                .audio(ChatCompletionAudioParam.builder()
                        .voice("alloy")
                        .format(ChatCompletionAudioParam.Format.PCM16)
                        .build());
    }

    private static ChatCompletion ask(ChatCompletionCreateParams.Builder request) {
        return client.chat().completions().create(request.build());
    }

    private static ChatCompletionMessageFunctionToolCall onlyCall(ChatCompletion reply) {
        assertThat(reply.choices().getFirst().finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        List<ChatCompletionMessageFunctionToolCall> calls =
                reply.choices().getFirst().message().toolCalls().orElseThrow().stream()
                        .map(call -> call.asFunction())
                        .toList();
        assertThat(calls).hasSize(1);
        assertThat(calls.getFirst().id()).startsWith("call_");
        assertThat(calls.getFirst().function().name()).isEqualTo(CallingModel.NAME);
        assertThat(calls.getFirst().function().arguments()).isEqualTo(CallingModel.ARGUMENTS);
        return calls.getFirst();
    }

    private static int soundBytes(ChatCompletionMessage message) {
        return Base64.getDecoder().decode(message.audio().orElseThrow().data()).length;
    }

    private static ChatCompletionCreateParams.Builder answered(
            ChatCompletionCreateParams.Builder request, ChatCompletionMessage reply, String call) {
        return request.addMessage(reply)
                .addMessage(ChatCompletionToolMessageParam.builder()
                        .toolCallId(call)
                        .content(CallingModel.OUTPUT)
                        .build());
    }

    @Test
    void aCallIsMadeInSpeechAndItsOutputAnswered() {
        ChatCompletion first = ask(spoken(asking()));
        ChatCompletionMessage message = first.choices().getFirst().message();
        String call = onlyCall(first).id();

        assertThat(message.audio().orElseThrow().transcript()).isEqualTo(CallingModel.WORD);
        assertThat(soundBytes(message)).isEqualTo(2 * CallingModel.SAMPLES);
        ChatCompletion second = ask(answered(spoken(asking()), message, call));
        ChatCompletionMessage answer = second.choices().getFirst().message();
        assertThat(second.choices().getFirst().finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(answer.toolCalls()).isEmpty();
        assertThat(answer.audio().orElseThrow().transcript()).isEqualTo(CallingModel.ANSWER);
        assertThat(soundBytes(answer)).isEqualTo(2 * CallingModel.SAMPLES);
    }

    /** Every token of the first prompt and of the reply but the last stands in the cache for the second prompt. */
    @Test
    void theSecondPromptBeginsWithTheTokensOfTheFirstReply() {
        ChatCompletion first = ask(asking());
        ChatCompletion second = ask(answered(
                asking(), first.choices().getFirst().message(), onlyCall(first).id()));

        CompletionUsage before = first.usage().orElseThrow();
        assertThat(second.usage()
                        .orElseThrow()
                        .promptTokensDetails()
                        .orElseThrow()
                        .cachedTokens()
                        .orElseThrow())
                .isBetween(before.promptTokens() + before.completionTokens() - 2, before.totalTokens());
        assertThat(second.choices().getFirst().message().content()).contains(CallingModel.ANSWER);
    }

    @Test
    void aCallOfAnotherServerIsPutIntoThePromptAsItsTextSays() {
        ChatCompletionMessage reply = ask(asking()).choices().getFirst().message();
        ChatCompletionMessageFunctionToolCall call =
                reply.toolCalls().orElseThrow().getFirst().asFunction();
        ChatCompletionMessage foreign = reply.toBuilder()
                .toolCalls(List.of(com.openai.models.chat.completions.ChatCompletionMessageToolCall.ofFunction(
                        call.toBuilder().id("call_of_another").build())))
                .build();

        ChatCompletion second = ask(answered(asking(), foreign, "call_of_another"));

        assertThat(second.choices().getFirst().message().content()).contains(CallingModel.ANSWER);
    }

    @Test
    void aStreamHasTheWholeCallInOneChunk() {
        ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
        int calls = 0;
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(spoken(asking()).build())) {
            for (ChatCompletionChunk chunk : (Iterable<ChatCompletionChunk>) stream.stream()::iterator) {
                accumulator.accumulate(chunk.validate());
                for (ChatCompletionChunk.Choice choice : chunk.choices()) {
                    calls += choice.delta().toolCalls().orElse(List.of()).size();
                }
            }
        }

        onlyCall(accumulator.chatCompletion());
        assertThat(calls).isEqualTo(1);
    }

    @Test
    void aModelThatMayNotCallIsNotToldOfTools() {
        ChatCompletion reply =
                ask(asking().toolChoice(com.openai.models.chat.completions.ChatCompletionToolChoiceOption.Auto.NONE));

        assertThat(reply.choices().getFirst().message().toolCalls()).isEmpty();
        assertThat(reply.usage().orElseThrow().promptTokens()).isLessThan(60);
    }

    /** A limit that ends the reply inside of its call: no part of it is told. */
    @Test
    void halfACallIsAnError() {
        assertThatThrownBy(() -> ask(asking().maxCompletionTokens(9)))
                .isInstanceOf(OpenAIException.class)
                .hasMessageContaining("expected an end");
        try (StreamResponse<ChatCompletionChunk> stream = client.chat()
                .completions()
                .createStreaming(asking().maxCompletionTokens(9).build())) {
            assertThatThrownBy(() -> stream.stream()
                            .forEach(chunk -> chunk.choices()
                                    .forEach(choice -> assertThat(choice.delta().toolCalls())
                                            .isEmpty())))
                    .isInstanceOf(OpenAIException.class)
                    .hasMessageContaining("expected an end");
        }
    }

    @Test
    void argumentsThatAreNoJsonAreAnError() throws IOException {
        Path broken = CallingModel.write(folder.resolve("broken"), "{\"city\": Zürich}");
        try (Running other = Running.of(broken, Running.OPTIONS);
                Wire wire = new Wire(other.server.address())) {
            Wire.Said said =
                    wire.post("/v1/chat/completions", Wire.chat("\"How?\"", "\"tools\":[" + CallingModel.tool() + "]"));

            assertThat(said.status()).isEqualTo(502);
            assertThat(said.code()).isEqualTo("invalid_tool_call");
            assertThat(said.message()).startsWith("tool call of the model: arguments: not JSON");
            assertThat(said.headers().firstValue("x-should-retry")).contains("false");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"tools\":[{\"type\":\"function\"}] | tools[0].function | missing_required_parameter",
                "\"tools\":[{\"type\":\"mcp\"}] | tools[0].type | invalid_value",
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a b\"}}] | tools[0].function.name | invalid_value",
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a\",\"parameters\":[]}}]"
                        + " | tools[0].function.parameters | invalid_type",
                "\"tools\":[@,@] | tools[1] | invalid_value",
                "\"tools\":[@],\"tool_choice\":\"required\" | tool_choice | unsupported_parameter",
                "\"tools\":[@],\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"get_weather\"}}"
                        + " | tool_choice | unsupported_parameter",
                "\"tools\":[@],\"parallel_tool_calls\":false | parallel_tool_calls | unsupported_parameter"
            })
    void toolsThatCannotBeAreRefused(String more, String param, String code) throws IOException {
        try (Wire wire = new Wire(running.server.address())) {
            JsonNode tool = CallingModel.tool();
            Wire.Said said =
                    wire.post("/v1/chat/completions", Wire.chat("\"Hello?\"", more.replace("@", tool.toString())));

            assertThat(said.status()).as(said.text()).isEqualTo(400);
            assertThat(said.param()).isEqualTo(param);
            assertThat(said.code()).isEqualTo(code);
        }
    }

    @Test
    void theExampleOfThePageIsAnsweredWithACall() throws IOException {
        String section = ServerPages.api().split("\n## Tools\n")[1];
        String example = section.split("```json")[1].split("```")[0];
        try (Wire wire = new Wire(running.server.address())) {
            Wire.Said said = wire.post("/v1/chat/completions", example.replace("step-audio-2-mini", Running.MODEL));

            assertThat(said.status()).as(said.text()).isEqualTo(200);
            assertThat(said.json().at("/choices/0/finish_reason").asText()).isEqualTo("tool_calls");
        }
    }

    @Test
    void tooManyToolsAndTooLongOnesAreRefused() throws IOException {
        String tool = CallingModel.tool().toString();
        String many = (tool + ",").repeat(128) + tool;
        String tooLong = tool.replace("of a city", "x".repeat(1 << 16));
        try (Wire wire = new Wire(running.server.address())) {
            for (String tools : List.of(many, tooLong)) {
                Wire.Said said =
                        wire.post("/v1/chat/completions", Wire.chat("\"Hello?\"", "\"tools\":[" + tools + "]"));

                assertThat(said.status()).isEqualTo(400);
                assertThat(said.param()).isEqualTo("tools");
                assertThat(said.message()).contains("expected at most");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"role\":\"tool\",\"content\":\"x\"} | messages[1].tool_call_id | missing_required_parameter",
                "{\"role\":\"tool\",\"content\":\"x\",\"tool_call_id\":\"c\"} | messages[1].tool_call_id | invalid_value",
                "{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\",\"function\":{\"name\":\"n\",\"arguments\":\"{\"}}]},"
                        + "{\"role\":\"tool\",\"content\":\"x\",\"tool_call_id\":\"c\"}"
                        + " | messages[1].tool_calls[0].function.arguments | invalid_value",
                "{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\"}]} | messages[1].tool_calls[0].function"
                        + " | missing_required_parameter"
            })
    void messagesThatCannotBeAreRefused(String messages, String param, String code) throws IOException {
        try (Wire wire = new Wire(running.server.address())) {
            Wire.Said said = wire.post(
                    "/v1/chat/completions",
                    "{\"model\":\"" + Running.MODEL + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello?\"},"
                            + messages + "]}");

            assertThat(said.status()).as(said.text()).isEqualTo(400);
            assertThat(said.param()).isEqualTo(param);
            assertThat(said.code()).isEqualTo(code);
        }
    }
}
