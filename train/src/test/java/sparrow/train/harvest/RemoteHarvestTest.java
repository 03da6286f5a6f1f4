package sparrow.train.harvest;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.study.Bundled.MODEL;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.engine.head.Sampling;
import sparrow.speech.vocode.FlowSettings;
import sparrow.study.FolderContent;
import sparrow.study.folder.MixedNumerics;
import sparrow.study.run.LocalPool;
import sparrow.study.run.RunProgress;
import sparrow.study.run.WorkerPool;
import sparrow.study.worker.ElsewherePool;
import sparrow.study.worker.RemoteWorker;
import sparrow.study.worker.Ticket;
import sparrow.study.worker.WorkerModel;
import sparrow.tensor.kernel.KvFormat;

/** A store that a remote worker harvested has the bytes of one that was harvested here. */
@Tag("full")
class RemoteHarvestTest {
    private static final Path DEMO = Path.of(System.getProperty("sparrow.testdata"), "demo-eval");

    @TempDir
    private Path folder;

    private Map<String, String> harvest(Path at, WorkerPool workers) throws IOException {
        HarvestSettings settings =
                new HarvestSettings(List.of(8), new Targets(5), new Sampling(0.3, 0, 1, 1, 7), 30, 2);
        List<HarvestPrompt> prompts =
                HarvestPrompt.read(DEMO.resolve("prompts.jsonl")).subList(0, 3);
        new Harvest(MODEL, workers, settings, prompts)
                .into(at, Long.MAX_VALUE, MixedNumerics.REFUSED, RunProgress.NONE);
        return FolderContent.of(at);
    }

    @Test
    void hasTheBytesOfALocalHarvest() throws IOException {
        Map<String, String> here = harvest(folder.resolve("here"), new LocalPool(MODEL));
        Ticket ticket = Ticket.of(new WorkerModel(null, null, null, FlowSettings.PUBLISHED, KvFormat.F32), MODEL, 1);

        try (RemoteWorker worker = new RemoteWorker()) {
            Map<String, String> there = harvest(folder.resolve("there"), new ElsewherePool(ticket, worker, 3));
            assertThat(here).containsKey("batches/00001.safetensors");
            assertThat(there).isEqualTo(here);
        }
    }
}
