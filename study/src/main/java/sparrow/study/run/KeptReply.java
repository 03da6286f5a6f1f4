package sparrow.study.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.ComputeStats;
import sparrow.engine.reply.EarlyTokenAgreement;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.Step;
import sparrow.engine.reply.StopReason;

/**
 * A reply as a run keeps it: all of its decisions, and none of its times. The lists have one element a decided unit, the
 * end token included.
 *
 * @param text of its text tokens
 * @param stop the reason of its end
 * @param promptTokens length of its prompt
 * @param units that were decided
 * @param modalities that the positions were expected to decide: T text, S speech
 * @param chunkPositions place of each position in the run of its modality, from 1
 * @param exitLayers layers of the heads that decided
 * @param draftLayers layers of the heads that drafted, 0 for none
 * @param compute its cost
 * @param agreement of its early tokens with full depth
 * @param speech its sound; null where it has none
 */
public record KeptReply(
        String text,
        StopReason stop,
        int promptTokens,
        List<Unit> units,
        String modalities,
        List<Integer> chunkPositions,
        List<Integer> exitLayers,
        List<Integer> draftLayers,
        ComputeStats compute,
        EarlyTokenAgreement agreement,
        Speech speech) {
    /**
     * A WAV file beside the reply's own.
     *
     * @param sha256 of the file, lower-case hexadecimal
     * @param seconds that it lasts
     */
    public record Speech(String sha256, double seconds) {}

    public KeptReply {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(stop, "stop");
        Objects.requireNonNull(modalities, "modalities");
        units = List.copyOf(units);
        chunkPositions = List.copyOf(chunkPositions);
        exitLayers = List.copyOf(exitLayers);
        draftLayers = List.copyOf(draftLayers);
        Objects.requireNonNull(compute, "compute");
        Objects.requireNonNull(agreement, "agreement");
        if (!modalities.matches("[TS]*")) {
            throw new IllegalArgumentException("modalities: expected T and S alone");
        }
        int steps = units.size();
        boolean asLong = Stream.of(chunkPositions, exitLayers, draftLayers).allMatch(list -> list.size() == steps);
        if (modalities.length() != steps || !asLong) {
            throw new IllegalArgumentException("reply: expected all lists to be as long as its " + steps + " units");
        }
    }

    /** The kept part of a reply. */
    public static KeptReply of(Reply reply, String text, int promptTokens, Speech speech) {
        StringBuilder modalities = new StringBuilder();
        for (Step step : reply.steps()) modalities.append(step.modality() == Modality.TEXT ? 'T' : 'S');
        List<Step> steps = reply.steps();
        return new KeptReply(
                text,
                reply.stop(),
                promptTokens,
                reply.units(),
                modalities.toString(),
                steps.stream().map(Step::chunkPosition).toList(),
                steps.stream().map(Step::exitLayer).toList(),
                steps.stream().map(Step::draftLayer).toList(),
                reply.compute(),
                reply.agreement(),
                speech);
    }

    /** The steps, without entropies and times. */
    public List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < units.size(); i++) {
            Modality modality = modalities.charAt(i) == 'T' ? Modality.TEXT : Modality.SPEECH;
            steps.add(new Step(
                    units.get(i),
                    modality,
                    chunkPositions.get(i),
                    exitLayers.get(i),
                    draftLayers.get(i),
                    Double.NaN,
                    0));
        }
        return steps;
    }
}
