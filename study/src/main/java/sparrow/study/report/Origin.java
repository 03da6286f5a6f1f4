package sparrow.study.report;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import sparrow.app.report.Machine;
import sparrow.engine.transformer.LayerStack;

/**
 * The origin of a report's values.
 *
 * @param command the command line
 * @param version version of Sparrow
 * @param machine machine that ran the command
 * @param threads number of threads that computed
 * @param vectorBits width of the kernels' vectors, which determines the order of sums
 * @param device device that computed the language model's layers, or {@code cpu} if the threads computed them
 */
public record Origin(String command, String version, Machine machine, int threads, int vectorBits, String device) {
    /** Returns the origin as text, for people. */
    public SequencedMap<String, String> facts() {
        SequencedMap<String, String> facts = new LinkedHashMap<>();
        facts.put("command", command);
        facts.put("version", version);
        facts.put("machine", machine.cpu() + ", " + machine.processors() + " processors");
        facts.put("system", machine.system() + "; " + machine.java());
        facts.put("compute", threads + " threads, " + vectorBits + "-bit vectors");
        if (!device.equals(LayerStack.CPU)) facts.put("layers", device);
        return facts;
    }
}
