package sparrow.app.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import sparrow.app.Main;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.models.OpenOptions;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.KvFormat;

class WorkerMemoryTest {
    private static WorkerMemory memory(KvFormat kv) throws IOException {
        try (ComputePool pool = new ComputePool(1);
                SpokenModel model = SpokenModels.bundled(
                        OpenOptions.NONE, Kernels.create(pool).withKvFormat(kv))) {
            return WorkerMemory.of(model);
        }
    }

    @Test
    void keysAndValuesOfABatchAreCountedAsTheyAreKept() throws IOException {
        try (ComputePool pool = new ComputePool(1);
                SpokenModel model = SpokenModels.bundled(OpenOptions.NONE, Kernels.create(pool))) {
            TransformerConfig config = model.languageModel().transformer().config();
            long position = 2L * config.layers() * config.kvHeads() * config.headWidth() * Float.BYTES;

            assertThat(memory(KvFormat.F32).keysAndValues())
                    .isEqualTo(16 * Math.min(2500, config.contextLength()) * position);
        }
        assertThat(memory(KvFormat.F16).keysAndValues())
                .isEqualTo(memory(KvFormat.F32).keysAndValues() / 2);
    }

    @Test
    void infoPrintsTheSettingAlone() throws IOException {
        StringWriter out = new StringWriter();

        Main.commandLine().setOut(new PrintWriter(out)).execute("info", "--worker-memory");

        WorkerMemory memory = memory(KvFormat.F32);
        assertThat(memory.weights()).isPositive();
        assertThat(memory.audio()).isPositive();
        assertThat(out.toString())
                .isEqualToIgnoringNewLines("spark.executor.memoryOverhead=" + memory.mebibytes() + "m");
    }
}
