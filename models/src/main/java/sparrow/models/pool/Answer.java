package sparrow.models.pool;

import java.util.Optional;
import sparrow.engine.reply.Reply;
import sparrow.models.Prompt;
import sparrow.models.SpokenModel;
import sparrow.models.chat.Window;
import sparrow.speech.wave.Waveform;

/**
 * The model's answer to a question.
 *
 * @param prompt the prompt for the question
 * @param truncation the part of the conversation that was dropped to make room for the question
 * @param text the reply's text
 * @param understood whether the reply is an answer, or empty if unknown; see {@link SpokenModel#understood}
 * @param reply the reply with every selected token
 * @param speech the spoken reply, without samples if the model generated no speech
 * @param timing the times of the reply's stages
 */
public record Answer(
        Prompt prompt,
        Window.Truncation truncation,
        String text,
        Optional<Boolean> understood,
        Reply reply,
        Waveform speech,
        Timing timing) {
    /**
     * Wall-clock times in nanoseconds since the question was asked.
     *
     * @param encoded the time at which the prompt was ready
     * @param firstToken the time at which the first token was selected
     * @param decoded the time at which the last token was selected
     * @param firstAudio the time at which the first samples could be played, or 0 if there are no samples
     * @param done the time at which the last samples could be played
     */
    public record Timing(long encoded, long firstToken, long decoded, long firstAudio, long done) {}
}
