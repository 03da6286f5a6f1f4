package sparrow.study.layers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.Exit;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.interleave.Modality;

/** The layers' distributions at every position of the full-depth replies to some questions. */
public final class LayerReadings {
    private final List<Answered> answered;
    private final SequencedMap<String, String> unasked;

    /**
     * One question and the reading of its reply.
     *
     * @param set the name of its set
     * @param id of the item
     */
    record Answered(String set, String id, ReplyReading reading) {}

    LayerReadings(List<Answered> answered, SequencedMap<String, String> unasked) {
        this.answered = List.copyOf(answered);
        this.unasked = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(unasked));
    }

    /** The readings, in the order of the questions. */
    List<Answered> answered() {
        return answered;
    }

    /** Questions that could not be asked, and why; the next run tries them again. */
    public SequencedMap<String, String> unasked() {
        return unasked;
    }

    /**
     * Share of speech positions where a policy chooses as full depth does: at positions that leave early the exit head's
     * likeliest token is compared with that of the last layer, the others agree. Teacher-forced, along the full-depth
     * replies. Decoding by the policy would find the same there, because pending positions are filled exactly.
     *
     * @param policy of speech positions, whose layer was read
     * @return percent; empty if there are none
     */
    public OptionalDouble agreement(DepthPolicy policy) {
        List<Boolean> agreements = new ArrayList<>();
        for (Answered one : answered) {
            ReplyReading reply = one.reading();
            for (int at = 0; at < reply.positions(); at++) {
                if (reply.modality(at) == Modality.SPEECH) agreements.add(agrees(policy, reply, at));
            }
        }
        return agreements.stream().mapToDouble(agrees -> agrees ? 100 : 0).average();
    }

    private static boolean agrees(DepthPolicy policy, ReplyReading reply, int position) {
        int layers = reply.layers().getLast().layer();
        // Speculation gives the reply of full depth.
        if (!(policy instanceof ExitPolicy exits)) return true;
        for (Exit exit : exits.exits(reply.chunkPosition(position), layers)) {
            if (exit.layer() == layers) break;
            Reading reading = reply.after(exit.layer()).at(position);
            if (!exit.isConditional() || reading.entropy() < exit.belowNats()) return reading.rank() == 0;
        }
        return true;
    }
}
