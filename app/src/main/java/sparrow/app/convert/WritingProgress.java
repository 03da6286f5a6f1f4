package sparrow.app.convert;

import sparrow.app.console.Waiting;
import sparrow.models.gguf.ConversionListener;

/** A bar for every file of weights that is written, one step a tensor. */
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
