package sparrow.server.chat;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import sparrow.engine.head.UnitFormat;
import sparrow.engine.reply.Step;
import sparrow.models.family.ToolCall;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.PromptUse;
import sparrow.server.message.Ids;
import sparrow.server.reply.Depth;

/**
 * A complete reply in OpenAI's format.
 *
 * @param id the reply's id
 * @param object the type of this object
 * @param created seconds since 1970
 * @param choices exactly one choice
 * @param sparrow Sparrow's additional fields
 */
record Completion(
        String id, String object, long created, String model, List<Choice> choices, Usage usage, Depth sparrow) {
    Completion(Head head, Message message, String finishReason, Usage usage, Depth sparrow) {
        this(
                head.id(),
                "chat.completion",
                head.created(),
                head.model(),
                List.of(new Choice(0, finishReason, null, message)),
                usage,
                sparrow);
    }

    /** The first fields of every object in a reply. */
    record Head(String id, long created, String model) {}

    /** A choice, whose log probabilities are always null. */
    record Choice(int index, String finishReason, Object logprobs, Message message) {}

    /**
     * The model's message.
     *
     * @param content text of the reply, or null if the reply is spoken; {@code audio} then contains the transcript
     * @param refusal always null
     * @param audio the audio, omitted if the reply is not spoken
     * @param toolCalls the tool calls, omitted if no tool is called
     */
    record Message(
            String role,
            String content,
            String refusal,
            @JsonInclude(JsonInclude.Include.NON_NULL) Audio audio,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Call> toolCalls) {}

    /**
     * A tool call.
     *
     * @param index position among the reply's calls in a stream; otherwise omitted
     * @param id id by which a later request refers to the call
     */
    record Call(@JsonInclude(JsonInclude.Include.NON_NULL) Integer index, String id, String type, Function function) {
        static Call of(Integer index, ToolCall call) {
            return new Call(
                    index, Ids.UNGUESSABLE.next("call_"), "function", new Function(call.name(), call.arguments()));
        }
    }

    /** @param arguments the text of a JSON object */
    record Function(String name, String arguments) {}

    /**
     * A spoken reply.
     *
     * @param id id by which a later request can refer to the reply
     * @param data base64 in the requested format
     * @param expiresAt time at which the reply is removed, in seconds since 1970
     */
    record Audio(String id, String data, long expiresAt, String transcript) {}

    /** The number of tokens in a request and its reply. */
    record Usage(
            int promptTokens,
            int completionTokens,
            int totalTokens,
            PromptDetails promptTokensDetails,
            CompletionDetails completionTokensDetails) {
        /** @param cachedTokens number of tokens whose keys and values were cached */
        record PromptDetails(int audioTokens, int textTokens, int cachedTokens) {}

        record CompletionDetails(int audioTokens, int textTokens) {}

        static Usage of(PooledReply reply, UnitFormat units) {
            PromptUse prompt = reply.prompt();
            int all = reply.reply().steps().size();
            int audio = (int) reply.reply().steps().stream()
                    .map(Step::unit)
                    .filter(units::isSpeech)
                    .count();
            return new Usage(
                    prompt.tokens(),
                    all,
                    prompt.tokens() + all,
                    new PromptDetails(prompt.audio(), prompt.tokens() - prompt.audio(), prompt.cached()),
                    new CompletionDetails(audio, all - audio));
        }
    }
}
