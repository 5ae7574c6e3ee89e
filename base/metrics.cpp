#include "base/metrics.hpp"

#include <prometheus/text_serializer.h>

namespace tongke::base::metrics {

prometheus::Registry& registry() {
  // Merge: asking twice for the same family gives the first one back.
  static prometheus::Registry instance(prometheus::Registry::InsertBehavior::Merge);
  return instance;
}

Counter& counter(const std::string& name, const std::string& help, const Labels& labels) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry()).Add(labels);
}

Gauge& gauge(const std::string& name, const std::string& help, const Labels& labels) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry()).Add(labels);
}

std::string exposition() { return prometheus::TextSerializer().Serialize(registry().Collect()); }

}  // namespace tongke::base::metrics
