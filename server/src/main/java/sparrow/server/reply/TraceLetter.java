package sparrow.server.reply;

import sparrow.engine.interleave.Modality;
import sparrow.engine.reply.Step;

/**
 * The letters that represent tokens in a reply's trace: T for text, F for speech at full depth, E for speech that
 * exited early, and D for speech that exited early as a draft and was accepted at full depth.
 */
public final class TraceLetter {
    private TraceLetter() {}

    /**
     * Returns the letter for a step.
     *
     * @param layers the model's number of layers, L
     */
    public static char of(Step step, int layers) {
        if (step.modality() == Modality.TEXT) return 'T';
        if (step.draftLayer() > 0) return 'D';
        return step.exitLayer() < layers ? 'E' : 'F';
    }
}
