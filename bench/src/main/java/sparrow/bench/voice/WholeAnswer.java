package sparrow.bench.voice;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sparrow.bench.harness.ForcedReply;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.reply.StopReason;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.ReplyListener;
import sparrow.speech.wave.Waveform;

/**
 * An answer computed as in {@code sparrow ask}: speech is synthesised while later tokens are decoded, on the same
 * processors.
 *
 * @param firstText seconds from the end of the question to the first token
 * @param firstAudio seconds from the end of the question to the first sample
 * @param done seconds from the end of the question to the last sample
 * @param speech length of the speech in seconds
 * @param pauses seconds of silence within the answer if all audio is played as soon as it is available
 */
record WholeAnswer(double firstText, double firstAudio, double done, double speech, double pauses) {
    /** The time at which the work on a question begins. */
    enum Begin {
        /** After the end of the question. */
        AFTER,
        /** While the question is spoken, for the parts of the prompt that later audio does not change. */
        EARLY
    }

    /** Returns the answer to a question, or empty if the thread was interrupted. */
    static Optional<WholeAnswer> ask(
            SpokenModel model, Waveform question, Begin begin, ForcedReply reply, ExitPlan plan) {
        Conversation conversation = new Conversation(
                model, plan, Sampling.GREEDY, Limits.newTokens(reply.units().size()));
        List<Piece> pieces = new ArrayList<>();
        if (begin == Begin.EARLY) conversation.listen(question);
        long start = System.nanoTime();
        Answer answer = conversation.ask(new Question.Spoken(question), reply.units(), new ReplyListener() {
            @Override
            public void speech(float[] samples) {
                pieces.add(new Piece((System.nanoTime() - start) / 1e9, samples.length));
            }
        });
        if (answer.reply().stop() == StopReason.INTERRUPTED) return Optional.empty();
        Answer.Timing timing = answer.timing();
        return Optional.of(new WholeAnswer(
                timing.firstToken() / 1e9,
                timing.firstAudio() / 1e9,
                timing.done() / 1e9,
                answer.speech().seconds(),
                pauses(pieces, answer.speech().sampleRateHz())));
    }

    /** Returns the processing time per second of speech. */
    double realTimeFactor() {
        return done / speech;
    }

    /** A number of samples, and the time at which they became available. */
    record Piece(double seconds, int samples) {}

    static double pauses(List<Piece> pieces, int rate) {
        double pauses = 0;
        double heard = pieces.isEmpty() ? 0 : pieces.getFirst().seconds();
        for (Piece piece : pieces) {
            pauses += Math.max(0, piece.seconds() - heard);
            heard = Math.max(heard, piece.seconds()) + (double) piece.samples() / rate;
        }
        return pauses;
    }
}
