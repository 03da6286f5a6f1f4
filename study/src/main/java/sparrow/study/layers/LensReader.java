package sparrow.study.layers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import sparrow.engine.head.ExitHead;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.HeadKernel;
import sparrow.engine.transformer.HiddenState;
import sparrow.engine.transformer.Logits;
import sparrow.engine.transformer.Transformer;
import sparrow.models.SpokenModel;
import sparrow.models.family.FrameHeads;
import sparrow.study.layers.ReplyReading.LayerReading;

/** Reads hidden states through the heads of their layers. Not thread-safe, because it reuses its memory. */
final class LensReader {
    /**
     * Maximum number of positions whose logits are in memory: GLM-4-Voice's vocabulary requires 0.7 MB per position.
     */
    private static final int POSITIONS = 16;

    private final SpokenModel model;
    private final Transformer transformer;
    private final Lens lens;
    private final SortedMap<Integer, ExitHead> heads;
    private final HeadKernel lastScorer;
    private final HeadKernel headKernel;

    /**
     * Creates a reader for the given heads.
     *
     * @param heads heads over the vocabulary, by layer; the last layer's head is the model's own head
     */
    LensReader(SpokenModel model, Lens lens, SortedMap<Integer, ExitHead> heads) {
        this.model = model;
        this.transformer = model.languageModel().transformer();
        this.lens = lens;
        this.heads = heads;
        this.lastScorer = transformer.newHeadKernel();
        this.headKernel = transformer.newHeadKernel();
    }

    /**
     * Returns one reading per layer in ascending order.
     *
     * @param states states that decided the units of a reply
     */
    List<LayerReading> read(SortedMap<Integer, List<float[]>> states, List<Unit> reply) {
        SortedMap<Integer, Reading[]> readings = new TreeMap<>();
        for (int layer : heads.keySet()) readings.put(layer, new Reading[reply.size()]);
        int[] tokens = places(reply, Unit.Token.class);
        for (int from = 0; from < tokens.length; from += POSITIONS) {
            readTokens(states, Arrays.copyOfRange(tokens, from, Math.min(tokens.length, from + POSITIONS)), readings);
        }
        model.frameHeads().ifPresent(frames -> {
            for (int at : places(reply, Unit.Frame.class)) readFrame(frames, states, reply.get(at), at, readings);
        });
        List<LayerReading> all = new ArrayList<>();
        readings.forEach((layer, ofLayer) -> all.add(LayerReading.of(layer, List.of(ofLayer))));
        return all;
    }

    private static int[] places(List<Unit> reply, Class<? extends Unit> kind) {
        return IntStream.range(0, reply.size())
                .filter(at -> kind.isInstance(reply.get(at)))
                .toArray();
    }

    private void readTokens(
            SortedMap<Integer, List<float[]>> states, int[] places, SortedMap<Integer, Reading[]> readings) {
        int usable = model.languageModel().tokens().usable();
        int lastLayer = heads.lastKey();
        List<Logits> last = heads.get(lastLayer).logits(lastScorer, some(states, lastLayer, places));
        heads.forEach((layer, head) -> {
            List<Logits> logits = layer == lastLayer ? last : head.logits(headKernel, some(states, layer, places));
            for (int i = 0; i < places.length; i++) {
                readings.get(layer)[places[i]] = Reading.of(logits.get(i), last.get(i), usable);
            }
        });
    }

    private void readFrame(
            FrameHeads frames,
            SortedMap<Integer, List<float[]>> states,
            Unit unit,
            int at,
            SortedMap<Integer, Reading[]> readings) {
        List<Integer> codes = ((Unit.Frame) unit).codes();
        int lastLayer = heads.lastKey();
        List<Logits> last = scores(frames, lastLayer, states.get(lastLayer).get(at), codes);
        for (int layer : heads.keySet()) {
            int head = lens.ofFrames(layer, lastLayer);
            List<Logits> own = layer == lastLayer
                    ? last
                    : scores(frames, head, states.get(layer).get(at), codes);
            readings.get(layer)[at] = Reading.ofFrame(own, last);
        }
    }

    private List<Logits> scores(FrameHeads frames, int head, float[] state, List<Integer> codes) {
        List<float[]> inputs = frames.inputs(head, List.of(transformer.state(state.clone())));
        return frames.scores(inputs.getFirst(), codes);
    }

    private List<HiddenState> some(SortedMap<Integer, List<float[]>> states, int layer, int[] places) {
        return Arrays.stream(places)
                .mapToObj(at -> transformer.state(states.get(layer).get(at)))
                .toList();
    }
}
