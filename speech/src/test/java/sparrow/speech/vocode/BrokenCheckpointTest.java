package sparrow.speech.vocode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.MissingTensorException;
import sparrow.speech.Goldens;
import sparrow.speech.detokenize.FrameDecoder;
import sparrow.speech.fastconformer.FastConformer;
import sparrow.speech.flow.dit.DitFlow;
import sparrow.speech.flow.unet.FlowConfig;
import sparrow.speech.flow.unet.FlowDecoder;
import sparrow.speech.hift.Hift;
import sparrow.speech.layers.LayerReader;
import sparrow.tensor.Tensor;

/** A decoder's checkpoint with one tensor missing or of another shape, for every tensor. */
class BrokenCheckpointTest {
    /** A checkpoint that changes one tensor (to null: leaves it out). */
    private record Changed(Checkpoint original, String name, UnaryOperator<Tensor> change) implements Checkpoint {
        @Override
        public Path source() {
            return original.source();
        }

        @Override
        public Set<String> names() {
            return original.names();
        }

        @Override
        public Tensor tensor(String wanted) {
            Tensor tensor = original.tensor(wanted);
            if (!wanted.equals(name)) return tensor;
            Tensor changed = change.apply(tensor);
            if (changed == null) throw new MissingTensorException(source(), wanted);
            return changed;
        }

        @Override
        public void close() {}
    }

    /** Some tensors of a checkpoint are listed; the others are there too. */
    private record Some(Checkpoint original, Predicate<String> listed) implements Checkpoint {
        @Override
        public Path source() {
            return original.source();
        }

        @Override
        public Set<String> names() {
            return original.names().stream().filter(listed).collect(Collectors.toSet());
        }

        @Override
        public Tensor tensor(String name) {
            return original.tensor(name);
        }

        @Override
        public void close() {
            original.close();
        }
    }

    @Test
    void everyTensorIsNeededAndNamedWhenMissing() {
        eachTensor((part, checkpoint, name) -> assertThatThrownBy(() -> load(part, checkpoint, name, tensor -> null))
                .as(name)
                .isInstanceOf(MissingTensorException.class)
                .hasMessageContaining("tensor " + name + " is missing"));
    }

    @Tag("full")
    @Test
    void aTensorOfAnotherShapeIsRefused() {
        eachTensor((part, checkpoint, name) -> assertThatThrownBy(
                        () -> load(part, checkpoint, name, BrokenCheckpointTest::halved))
                .as(name)
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("tensor " + part.namedInsteadOf(name) + ": expected shape"));
    }

    /** The tensor without the second half of its first axis; what has one value gets an axis more. */
    private static Tensor halved(Tensor tensor) {
        List<Integer> shape = new ArrayList<>(tensor.shape());
        if (shape.getFirst() == 1) {
            shape.add(0, 1);
            return new Tensor(tensor.data(), tensor.dtype(), shape);
        }
        int rows = shape.getFirst() / 2;
        long bytes = tensor.data().byteSize() / shape.getFirst() * rows;
        shape.set(0, rows);
        return new Tensor(tensor.data().asSlice(0, bytes), tensor.dtype(), shape);
    }

    @Test
    void configurationsThatDoNotFitTogetherAreRefused() {
        FlowConfig flow = Goldens.RANDOM_FLOW;
        FlowConfig other = new FlowConfig(
                flow.vocabulary(),
                64,
                flow.speakerWidth(),
                flow.codesPerSecond(),
                flow.encoder(),
                flow.regulatorLayers(),
                flow.guidance(),
                flow.steps(),
                flow.estimator());
        try (Checkpoint parts = Goldens.randomPart("flow")) {
            assertThatThrownBy(() -> GlmVocoder.load(other, parts, Goldens.RANDOM_HIFT, parts, Goldens.KERNELS))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("hift.in_channels: expected flow.output_size 64, got 80");
        }
    }

    /** A network that is read from a checkpoint. */
    private enum Part {
        FLOW {
            @Override
            Checkpoint open() {
                return Goldens.randomPart("flow");
            }

            @Override
            void load(LayerReader reader) {
                new FlowDecoder(reader, Goldens.RANDOM_FLOW);
            }
        },
        DIT_FLOW {
            @Override
            Checkpoint open() {
                return Goldens.stepPart("flow");
            }

            @Override
            void load(LayerReader reader) {
                new DitFlow(reader, Goldens.STEP_FLOW);
            }
        },
        HIFT {
            @Override
            Checkpoint open() {
                return Goldens.randomPart("hift");
            }

            @Override
            void load(LayerReader reader) {
                new Hift(reader, Goldens.RANDOM_HIFT);
            }
        },
        TOKEN2WAV_HIFT {
            @Override
            Checkpoint open() {
                return Goldens.stepPart("hift");
            }

            @Override
            void load(LayerReader reader) {
                Hift.token2wav(reader);
            }

            /** Sizes are taken from two lengths of weight norms: the directions beside them do not fit then. */
            @Override
            String namedInsteadOf(String name) {
                return name.matches("(conv_pre|f0_predictor.condnet.0).*original0")
                        ? name.replace("original0", "original1")
                        : name;
            }
        },
        FAST_CONFORMER {
            @Override
            Checkpoint open() {
                return new Some(
                        Goldens.open("lfm2-audio/a/model.safetensors"),
                        name -> name.matches("(conformer|audio_adapter)\\..*")
                                && !name.endsWith("num_batches_tracked"));
            }

            @Override
            void load(LayerReader reader) {
                FastConformer.load(Goldens.LFM_ENCODER, reader.checkpoint(), reader.kernels())
                        .close();
            }
        },
        FRAME_DECODER {
            /** The rows of the table say how many codebooks there are. */
            @Override
            Checkpoint open() {
                return new Some(
                        Goldens.open("lfm2-audio/a/audio_detokenizer/model.safetensors"),
                        name -> !Set.of("lfm.embed_tokens.weight", "emb.emb.weight")
                                .contains(name));
            }

            @Override
            void load(LayerReader reader) {
                new FrameDecoder(reader, Goldens.LFM_DETOKENIZER, false);
            }

            /** The inner width is that of the first matrix. */
            @Override
            String namedInsteadOf(String name) {
                return name.replace("feed_forward.w1", "feed_forward.w3");
            }
        };

        abstract Checkpoint open();

        abstract void load(LayerReader reader);

        /** The tensor that is refused if this one has another shape. */
        String namedInsteadOf(String name) {
            return name;
        }
    }

    private interface Check {
        void run(Part part, Checkpoint checkpoint, String name);
    }

    private static void eachTensor(Check check) {
        for (Part part : Part.values()) {
            try (Checkpoint checkpoint = part.open()) {
                assertThat(checkpoint.names()).hasSizeGreaterThan(40);
                checkpoint.names().forEach(name -> check.run(part, checkpoint, name));
            }
        }
    }

    private static void load(Part part, Checkpoint checkpoint, String name, UnaryOperator<Tensor> change) {
        try (Arena arena = Arena.ofShared()) {
            part.load(new LayerReader(new Changed(checkpoint, name, change), Goldens.KERNELS, arena, arena));
        }
    }
}
