package sparrow.models;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.kernel.KvFormat;
import sparrow.engine.transformer.DeviceChoice;
import sparrow.engine.transformer.DeviceFacts;
import sparrow.engine.transformer.DeviceFacts.Kind;
import sparrow.engine.transformer.KvMemory;
import sparrow.engine.transformer.LayerStack;
import sparrow.engine.transformer.LostDeviceException;
import sparrow.engine.transformer.Row;
import sparrow.engine.transformer.Scorer;
import sparrow.engine.transformer.State;
import sparrow.models.family.Lazy;
import sparrow.models.family.OpenedModel;

/** A device of tests, whose layers this machine's threads compute, until it is lost. */
public final class FakeDevice implements LayerStack {
    private static final DeviceFacts CARD =
            new DeviceFacts("fake:0", "Card 9", "Cards Inc.", Kind.GPU, 1L << 40, 1L << 40, 64, "OpenCL 3.0", "1.2");

    private final LayerStack host;
    private final int most;
    private int passes;

    private FakeDevice(LayerStack host, int most) {
        this.host = host;
        this.most = most;
    }

    @Override
    public Optional<DeviceFacts> device() {
        return Optional.of(CARD);
    }

    @Override
    public void run(List<? extends Row> rows, int first, int last) {
        if (++passes > most) throw new LostDeviceException(CARD, "unplugged");
        host.run(rows, first, last);
    }

    @Override
    public void keysAndValues(List<? extends Row> rows, int layer) {
        host.keysAndValues(rows, layer);
    }

    @Override
    public State state(float[] values) {
        return host.state(values);
    }

    @Override
    public KvMemory newMemory() {
        return host.newMemory();
    }

    @Override
    public Scorer newScorer() {
        return host.newScorer();
    }

    @Override
    public LayerStack keeping(KvFormat format) {
        throw new IllegalArgumentException("keys and values: expected f32, got " + format);
    }

    @Override
    public void close() {}

    /** The bundled model, whose device is lost after so many passes. */
    public static SpokenModel holding(Kernels kernels, int passes) throws IOException {
        return holding(kernels, passes, kernels);
    }

    static SpokenModel holding(Kernels kernels, int passes, Kernels speechKernels) throws IOException {
        OpenedModel parts = Families.of(SpokenModels.bundledFolder())
                .open(
                        SpokenModels.bundledFolder(),
                        Optional.empty(),
                        Optional.empty(),
                        new DeviceChoice.Cpu(),
                        kernels);
        LanguageModel lm = parts.languageModel();
        FakeDevice device = new FakeDevice(lm.transformer().stack(), passes);
        return new SpokenModel(new OpenedModel(
                parts.info(),
                new LanguageModel(lm.transformer().on(device), lm.heads(), lm.tokens(), lm.interleave()),
                parts.typed(),
                parts.speechInput(),
                parts.synthesizer(),
                new Lazy<>(() -> speechKernels),
                parts.textStream(),
                parts.textTokens(),
                parts.requireUnchanged(),
                parts.release()));
    }
}
