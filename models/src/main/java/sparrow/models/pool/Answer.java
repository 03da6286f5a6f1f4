package sparrow.models.pool;

import sparrow.engine.reply.Reply;
import sparrow.models.Prompt;
import sparrow.models.chat.Window;
import sparrow.speech.wave.Waveform;

/**
 * One turn of the model.
 *
 * @param prompt of the question
 * @param truncation of the conversation, which made room for it
 * @param text the text of the reply
 * @param reply every decided token
 * @param speech the spoken reply; no samples if the model said nothing
 * @param timing of its stages
 */
public record Answer(
        Prompt prompt, Window.Truncation truncation, String text, Reply reply, Waveform speech, Timing timing) {
    /**
     * Wall-clock nanoseconds since the question was handed over.
     *
     * @param encoded the prompt was ready
     * @param firstToken the first token was decided
     * @param decoded the last token was decided
     * @param firstAudio the first samples could be played; 0 if there are none
     * @param done the last samples could be played
     */
    public record Timing(long encoded, long firstToken, long decoded, long firstAudio, long done) {}
}
