/**
 * The model over HTTP: its facts ({@link sparrow.server.model.ModelsEndpoint}), its status
 * ({@link sparrow.server.model.StatusEndpoint}), sample questions, and its codes without the language model
 * ({@link sparrow.server.model.TokensEndpoint}).
 */
package sparrow.server.model;
