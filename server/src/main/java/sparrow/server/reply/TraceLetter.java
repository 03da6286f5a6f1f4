package sparrow.server.reply;

import sparrow.engine.interleave.Modality;
import sparrow.engine.reply.Step;

/**
 * The letter of a token in the trace of a reply: T text, F speech at full depth, E speech that exited early, D speech
 * that exited early as a draft and was confirmed at full depth.
 */
public final class TraceLetter {
    private TraceLetter() {}

    /**
     * Returns the letter of a step.
     *
     * @param layers L
     */
    public static char of(Step step, int layers) {
        if (step.modality() == Modality.TEXT) return 'T';
        if (step.draftLayer() > 0) return 'D';
        return step.exitLayer() < layers ? 'E' : 'F';
    }
}
