package sparrow.server.chat;

import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.reply.Step;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.PromptUse;

/** What a reply cost, in tokens. */
record Usage(
        int promptTokens,
        int completionTokens,
        int totalTokens,
        PromptDetails promptTokensDetails,
        CompletionDetails completionTokensDetails) {
    /** @param cachedTokens of which keys and values were there already */
    record PromptDetails(int audioTokens, int textTokens, int cachedTokens) {}

    record CompletionDetails(int audioTokens, int textTokens) {}

    static Usage of(PooledReply reply, TokenSpace tokens) {
        PromptUse prompt = reply.prompt();
        int all = reply.reply().steps().size();
        int audio = (int) reply.reply().steps().stream()
                .mapToInt(Step::token)
                .filter(tokens::isSpeech)
                .count();
        return new Usage(
                prompt.tokens(),
                all,
                prompt.tokens() + all,
                new PromptDetails(prompt.audio(), prompt.tokens() - prompt.audio(), prompt.cached()),
                new CompletionDetails(audio, all - audio));
    }
}
