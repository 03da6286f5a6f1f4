package sparrow.app.convert;

import sparrow.app.console.Waiting;
import sparrow.models.gguf.ConversionListener;

/** Shows a progress bar for each weight file that is written, with one step per tensor. */
public final class WritingProgress implements ConversionListener, AutoCloseable {
    private Waiting bar = Waiting.silent();

    @Override
    public void next(String tensor, int index, int total) {
        if (index == 0) {
            bar.end();
            bar = Waiting.begin("writing", total);
        } else {
            bar.step();
        }
        bar.now(tensor);
    }

    @Override
    public void close() {
        bar.end();
    }
}
