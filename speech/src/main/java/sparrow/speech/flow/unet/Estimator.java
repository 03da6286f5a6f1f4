package sparrow.speech.flow.unet;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import sparrow.speech.flow.TimeEmbedding;
import sparrow.speech.layers.Batch;
import sparrow.speech.layers.Convolution;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Probe;
import sparrow.speech.layers.Upsampling;
import sparrow.speech.layers.Workspace;
import sparrow.tensor.kernel.Activation;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * The velocity estimator of the flow (Matcha's 1-D U-net, ConditionalDecoder). The sequences in a batch share the same
 * time and are otherwise independent.
 */
final class Estimator {
    /** Number of inputs per frame: x, mu, speaker and given frame. The time sinusoids are as wide as the input. */
    private static final int INPUTS = 4;

    private final Kernels kernels;
    private final TimeEmbedding time;
    private final List<Stage> down = new ArrayList<>();
    private final List<Convolution> downsampling = new ArrayList<>();
    private final List<Stage> middle = new ArrayList<>();
    private final List<Stage> up = new ArrayList<>();
    private final List<Upsampling> upsampling = new ArrayList<>();
    private final Convolution upLast;
    private final ResidualBlock.Normed last;
    private final Convolution projection;

    /** A residual block followed by transformer blocks. */
    private record Stage(String name, ResidualBlock residual, List<TransformerBlock> transformers) {
        Batch run(Batch x, Block time, Workspace workspace, Probe probe) {
            Batch h = residual.run(x, time, workspace);
            probe.see(name + ".resnet", h.sequence(0));
            for (int i = 0; i < transformers.size(); i++) {
                transformers.get(i).run(h, workspace);
                if (i == 0) probe.see(name + ".transformer_first", h.sequence(0));
            }
            probe.see(name + ".transformer_last", h.sequence(0));
            return h;
        }
    }

    Estimator(LayerReader reader, FlowConfig flow) {
        FlowConfig.Estimator config = flow.estimator();
        List<Integer> channels = config.channels();
        int levels = channels.size();
        int outer = channels.getFirst();
        this.kernels = reader.kernels();
        int inputs = INPUTS * flow.melBins();
        this.time = new TimeEmbedding(
                TimeEmbedding.Sinusoids.SINES_FIRST,
                reader.linear(name("time_mlp.linear_1"), 4 * outer, inputs),
                reader.linear(name("time_mlp.linear_2"), 4 * outer, 4 * outer));
        for (int i = 0; i < levels; i++) {
            int out = channels.get(i);
            int in = i == 0 ? inputs : channels.get(i - 1);
            down.add(stage(reader, "down", i, out, in, config));
            boolean shrinks = i < levels - 1;
            String after = name("down_blocks." + i + (shrinks ? ".2.conv" : ".2"));
            downsampling.add(reader.convolution(after, out, out, 3, shrinks ? 2 : 1, 1));
        }
        for (int i = 0; i < config.middleBlocks(); i++) {
            middle.add(stage(reader, "mid", i, channels.getLast(), channels.getLast(), config));
        }
        for (int i = 0; i < levels; i++) {
            int in = channels.get(levels - 1 - i);
            int out = channels.get(Math.max(0, levels - 2 - i));
            up.add(stage(reader, "up", i, out, 2 * in, config));
            if (i < levels - 1) upsampling.add(reader.upsampling(name("up_blocks." + i + ".2.conv"), out, out, 4, 2));
        }
        this.upLast = reader.convolution(name("up_blocks." + (levels - 1) + ".2"), outer, outer, 3);
        this.last = ResidualBlock.Normed.load(reader, name("final_block"), outer, outer);
        this.projection = reader.convolution(name("final_proj"), flow.melBins(), outer, 1);
    }

    private static Stage stage(
            LayerReader reader, String kind, int index, int out, int in, FlowConfig.Estimator config) {
        String name = name(kind + "_blocks." + index);
        ResidualBlock residual = new ResidualBlock(
                reader, name + ".0", out, in, 4 * config.channels().getFirst());
        List<TransformerBlock> transformers = IntStream.range(0, config.transformers())
                .mapToObj(j -> new TransformerBlock(reader, name + ".1." + j, out, config))
                .toList();
        return new Stage(kind + index, residual, transformers);
    }

    private static String name(String module) {
        return "decoder.estimator." + module;
    }

    /**
     * Estimates the velocity at time {@code t}.
     *
     * @param input x, mu, speaker and given frame, [sequences, frames, 4 * melBins]
     * @param workspace scratch memory
     * @return velocity, [sequences, frames, melBins]
     */
    Batch velocity(Batch input, float t, Workspace workspace, Probe probe) {
        Block activeTime = activeTime(t, probe);
        Deque<Batch> skips = new ArrayDeque<>();
        Batch x = input;
        for (int i = 0; i < down.size(); i++) {
            Batch skip = down.get(i).run(x, activeTime, workspace, probe);
            if (i > 0) workspace.release(x);
            skips.push(skip);
            x = skip.convolved(downsampling.get(i), workspace);
            probe.see("down" + i + ".sample", x.sequence(0));
        }
        for (Stage stage : middle) {
            Batch in = x;
            x = stage.run(in, activeTime, workspace, probe);
            workspace.release(in);
        }
        for (int i = 0; i < up.size(); i++) {
            Batch skip = skips.pop();
            Batch in = x.beside(skip, workspace);
            workspace.release(x);
            workspace.release(skip);
            Batch h = up.get(i).run(in, activeTime, workspace, probe);
            x = i < upsampling.size() ? h.upsampled(upsampling.get(i), workspace) : h.convolved(upLast, workspace);
            workspace.release(in);
            workspace.release(h);
            probe.see("up" + i + ".sample", x.sequence(0));
        }
        Batch h = last.run(x, workspace);
        workspace.release(x);
        probe.see("final_block", h.sequence(0));
        Batch velocity = Batch.zeros(h.sequences(), h.frames(), projection.out());
        for (int i = 0; i < h.sequences(); i++) projection.into(h.sequence(i), velocity.sequence(i), workspace);
        workspace.release(h);
        return velocity;
    }

    /** Returns the time embedding after Mish, the input of the residual blocks. */
    private Block activeTime(float t, Probe probe) {
        Block embedded = time.of(t, probe);
        probe.see("time_mlp", embedded);
        kernels.apply(Activation.MISH, embedded);
        return embedded;
    }
}
