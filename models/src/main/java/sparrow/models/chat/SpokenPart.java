package sparrow.models.chat;

import java.util.List;
import sparrow.engine.head.UnitFormat;
import sparrow.engine.interleave.Unit;
import sparrow.models.SpokenModel;

/** Measures the sound of a reply, and cuts the reply to what was heard of it. */
public final class SpokenPart {
    private SpokenPart() {}

    /** The units of a reply without its sound: what was said stays as text. */
    public static List<Unit> words(SpokenModel model, List<Unit> reply) {
        UnitFormat units = model.languageModel().units();
        return reply.stream().filter(unit -> !units.isSpeech(unit)).toList();
    }

    /** Seconds of sound in a reply. */
    public static double seconds(SpokenModel model, List<Unit> reply) {
        UnitFormat units = model.languageModel().units();
        return reply.stream().mapToInt(unit -> units.codes(unit).length).sum() / model.codesPerSecond();
    }

    /**
     * The units of a reply up to the last one that was heard. Text before it stays: it led to what was heard.
     *
     * @param reply units without an end token
     * @param heardSeconds sound that was played, 0 or more; units that were begun and not heard to their end do not count
     * @return the same units if all was heard; none if nothing was
     */
    public static List<Unit> of(SpokenModel model, List<Unit> reply, double heardSeconds) {
        UnitFormat units = model.languageModel().units();
        // A whole number of codes, given as seconds, must not lose one to rounding.
        long heard = (long) Math.floor(heardSeconds * model.codesPerSecond() + 1e-6) / units.codebooks();
        if (heard == 0) return List.of();
        int end = 0;
        long said = 0;
        for (int i = 0; i < reply.size(); i++) {
            if (units.codes(reply.get(i)).length > 0 && ++said == heard) end = i + 1;
        }
        // Text after the last sound belongs to it.
        return said <= heard ? reply : reply.subList(0, end);
    }
}
