package sparrow.server.reply;

import com.fasterxml.jackson.annotation.JsonInclude;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.PromptUse;

/**
 * The number of tokens used by a task, or the duration of its audio.
 *
 * @param type {@code tokens} or {@code duration} for a transcription; null for speech
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TaskUsage(
        String type,
        Integer inputTokens,
        InputDetails inputTokenDetails,
        Integer outputTokens,
        Integer totalTokens,
        Double seconds) {
    /** The numbers of tokens in a prompt. */
    public record InputDetails(int textTokens, int audioTokens) {}

    /** Returns the usage of a transcription. */
    public static TaskUsage heard(PooledReply reply) {
        PromptUse prompt = reply.prompt();
        return tokens("tokens", reply, new InputDetails(prompt.tokens() - prompt.audio(), prompt.audio()));
    }

    /** Returns the token usage of a spoken reply. */
    public static TaskUsage spoken(PooledReply reply) {
        return tokens(null, reply, null);
    }

    /** Returns the usage for a recording of the given length. */
    public static TaskUsage seconds(double seconds) {
        return new TaskUsage("duration", null, null, null, null, seconds);
    }

    private static TaskUsage tokens(String type, PooledReply reply, InputDetails details) {
        int input = reply.prompt().tokens();
        int output = reply.reply().steps().size();
        return new TaskUsage(type, input, details, output, input + output, null);
    }
}
