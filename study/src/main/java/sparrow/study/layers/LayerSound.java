package sparrow.study.layers;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import sparrow.engine.unit.UnitFormat;
import sparrow.speech.vocode.Noise;
import sparrow.speech.vocode.Synthesizer;
import sparrow.speech.wave.Waveform;
import sparrow.study.mos.MosScorer;
import sparrow.study.run.RunStoppedException;

/**
 * The sounds of a reply's layers. The sound of a layer is that of its choices where the reply has speech,
 * vocoded as a whole; a choice that is no speech is left out, as the decoder would not let it be heard either.
 *
 * @param noiseSeed the same noise for every layer, so that they differ in their codes alone
 */
record LayerSound(Synthesizer synthesizer, UnitFormat units, MosScorer scorer, long noiseSeed) {
    /**
     * The scores of one reply's layers.
     *
     * @param mos opinion score by layer; a layer that has none is missing
     * @param failures why, each in one line
     */
    record Scores(SortedMap<Integer, Double> mos, List<String> failures) {
        Scores {
            mos = new TreeMap<>(mos);
            failures = List.copyOf(failures);
        }
    }

    /**
     * The scores of all layers; a failure is kept as a line and stops nothing.
     *
     * @throws RunStoppedException if the thread was interrupted: that is no failure
     */
    Scores score(ReplyReading reply) throws RunStoppedException {
        SortedMap<Integer, Double> scores = new TreeMap<>();
        List<String> failures = new ArrayList<>();
        for (LayerReading layer : reply.layers()) {
            int[] codes = codes(reply, layer);
            if (codes.length == 0) {
                failures.add("layer " + layer.layer() + ": no speech");
                continue;
            }
            try {
                scores.put(layer.layer(), scorer.score(sound(codes)).overall());
            } catch (InterruptedIOException e) {
                throw new RunStoppedException();
            } catch (IOException | IllegalArgumentException e) {
                failures.add("layer " + layer.layer() + ": " + e.getMessage());
            }
        }
        return new Scores(scores, failures);
    }

    /** The codes of a layer's choices. */
    int[] codes(ReplyReading reply, LayerReading layer) {
        return IntStream.range(0, reply.positions())
                .filter(at -> units.isSpeech(reply.reply().units().get(at)))
                .mapToObj(at -> units.codes(layer.choices().get(at)))
                // Of a frame that ended speech the first code alone is known.
                .filter(codes -> codes.length == units.codebooks())
                .flatMapToInt(Arrays::stream)
                .toArray();
    }

    private Waveform sound(int[] codes) {
        return new Waveform(synthesizer.synthesize(codes, Noise.seeded(noiseSeed)), synthesizer.sampleRateHz());
    }
}
