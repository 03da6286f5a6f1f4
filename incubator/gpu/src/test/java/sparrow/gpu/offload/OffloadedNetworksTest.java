package sparrow.gpu.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sparrow.engine.kernel.ComputePool;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.weights.Checkpoint;
import sparrow.engine.weights.Safetensors;
import sparrow.engine.weights.TorchZip;
import sparrow.gpu.DeviceUnderTest;
import sparrow.models.OpenOptions;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.family.SpeechInput;
import sparrow.speech.flow.unet.FlowConfig;
import sparrow.speech.flow.unet.FlowDecoder;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.wave.WavFile;

/** Networks of sound with every linear layer on the device, against the values that the official modules gave. */
@Tag("device")
class OffloadedNetworksTest {
    private static final Path GOLDEN = Path.of(System.getProperty("sparrow.testdata"), "glm-4-voice");

    /** Sizes of the golden decoder. */
    private static final FlowConfig SMALL = new FlowConfig(
            64,
            80,
            192,
            12.5,
            new FlowConfig.Encoder(48, 4, 96, 2, 10),
            4,
            0.7f,
            new FlowConfig.Estimator(List.of(24, 24), 2, 16, 2, 2));

    /** Absolute; what the golden data suggest for mel, as on the processor. */
    private static final float MEL = 2e-4f;

    private static final ComputePool POOL = new ComputePool(1);
    private static DeviceOffload offload;
    private static Kernels kernels;

    /** Once; for each test, so that each says why it is skipped. */
    @BeforeEach
    void open() {
        if (offload != null) return;
        offload = DeviceOffload.open(DeviceUnderTest.open(), 1L << 30);
        kernels = Kernels.offloading(Kernels.create(POOL), offload, 1);
    }

    @AfterAll
    static void close() {
        if (offload != null) offload.close();
        POOL.close();
    }

    @Test
    void theFlowGivesTheRecordedMel() throws IOException {
        try (Arena arena = Arena.ofShared();
                Arena staging = Arena.ofShared();
                Checkpoint flow = TorchZip.open(GOLDEN.resolve("decoder/flow.pt"));
                Checkpoint golden = Safetensors.open(GOLDEN.resolve("expected/flow.safetensors"))) {
            FlowDecoder decoder = new FlowDecoder(new LayerReader(flow, kernels, arena, staging), SMALL);

            float[] mel = decoder.mel(
                    golden.tensor("token").toInts(), new float[0], new float[192], timeFirst(golden, "full.noise"), 10);

            assertThat(mel).containsExactly(timeFirst(golden, "full.mel"), within(MEL));
        }
    }

    /** A tensor recorded channel first, turned to [time, channels]. */
    private static float[] timeFirst(Checkpoint golden, String name) {
        List<Integer> shape = golden.tensor(name).shape();
        int channels = shape.get(shape.size() - 2);
        int time = shape.getLast();
        float[] recorded = golden.tensor(name).toFloats();
        float[] turned = new float[recorded.length];
        for (int c = 0; c < channels; c++) {
            for (int t = 0; t < time; t++) turned[t * channels + c] = recorded[c * time + t];
        }
        return turned;
    }

    @Test
    void theSpeechTokenizerGivesTheOfficialCodes() throws IOException {
        JsonNode expected =
                new ObjectMapper().readTree(GOLDEN.resolve("expected/e2e.json").toFile());
        try (SpokenModel model = SpokenModels.open(GOLDEN, OpenOptions.NONE, kernels)) {
            int[] codes = ((SpeechInput.Tokens) model.speechInput())
                    .encode(WavFile.read(GOLDEN.resolve("audio/input_16k.wav")));

            assertThat(codes)
                    .isEqualTo(StreamSupport.stream(expected.path("vq_ids").spliterator(), false)
                            .mapToInt(JsonNode::intValue)
                            .toArray());
        }
    }
}
