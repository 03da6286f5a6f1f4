/**
 * The model itself over HTTP: what it is ({@link sparrow.server.model.ModelsEndpoint}), what it is doing
 * ({@link sparrow.server.model.StatusEndpoint}), questions that it answers, and its codes without the language model
 * ({@link sparrow.server.model.TokensEndpoint}).
 */
package sparrow.server.model;
