package sparrow.study.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.ComputeStats;
import sparrow.engine.reply.EarlyTokenAgreement;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.Step;
import sparrow.engine.reply.StopReason;

/**
 * A stored reply, with all of its decisions but without times. The lists have one element per decided unit, including
 * the end token.
 *
 * @param text text of the text tokens
 * @param stop reason for the end
 * @param promptTokens number of tokens in the prompt
 * @param units decided units
 * @param modalities expected modality of each position: T text, S speech
 * @param chunkPositions position within consecutive positions of one modality, from 1
 * @param exitLayers layers of the heads that decided
 * @param draftLayers layers of the heads that drafted, or 0 if there was no draft
 * @param compute compute cost
 * @param agreement agreement of early tokens with full depth
 * @param confidence lowest probability of a text token, or null if unknown ({@link Reply#confidence})
 * @param speech audio, or null if there is none
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
        Double confidence,
        Speech speech) {
    /**
     * A WAV file in the reply's folder.
     *
     * @param sha256 digest of the file in lower-case hexadecimal
     * @param seconds duration in seconds
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
            throw new IllegalArgumentException("modalities: expected only T and S");
        }
        int steps = units.size();
        boolean asLong = Stream.of(chunkPositions, exitLayers, draftLayers).allMatch(list -> list.size() == steps);
        if (modalities.length() != steps || !asLong) {
            throw new IllegalArgumentException(
                    "reply: expected all lists to have the length of its " + steps + " units");
        }
    }

    /** Creates a stored reply from a decoded reply. */
    public static KeptReply of(Reply reply, String text, int promptTokens, Speech speech) {
        StringBuilder modalities = new StringBuilder();
        for (Step step : reply.steps()) modalities.append(step.modality() == Modality.TEXT ? 'T' : 'S');
        List<Step> steps = reply.steps();
        OptionalDouble confidence = reply.confidence();
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
                confidence.isPresent() ? confidence.getAsDouble() : null,
                speech);
    }

    /** Returns the steps without entropies, probabilities and times. */
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
                    Double.NaN,
                    0));
        }
        return steps;
    }
}
