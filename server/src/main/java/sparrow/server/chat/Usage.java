package sparrow.server.chat;

import sparrow.engine.reply.Step;
import sparrow.engine.unit.UnitFormat;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.PromptUse;

/** The cost of a reply, in tokens. */
record Usage(
        int promptTokens,
        int completionTokens,
        int totalTokens,
        PromptDetails promptTokensDetails,
        CompletionDetails completionTokensDetails) {
    /** @param cachedTokens of which keys and values were there already */
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
