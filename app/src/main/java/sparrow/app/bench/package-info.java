/** What {@code sparrow bench} measures, and how it is shown; knows the language model only by its public interface. */
package sparrow.app.bench;
