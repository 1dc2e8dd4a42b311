"""Changes to Octavia 11.0.0, in memory only. Each has a switch; 0 = Octavia as packaged.

OCTLAB_FIX_FULL=1  Without jobboard ControllerWorker.run_flow() drops the flow's keyword arguments, so a fully-populated create
                   never configures its listeners and leaves every child PENDING_CREATE. Pass them on. With topology SINGLE the
                   flow then lacks a task (amphorae_network_config, which only the VRRP part provides): add it.
OCTLAB_FAST=1      Same results, less database work: (1) an object and its graph are read in one transaction, not one connection
                   check-out, ping, query and roll-back per lazy attribute; (2) a change of status only of an l7policy or l7rule
                   is one UPDATE, not one or two reads of the whole load balancer (marking N rules costs N^2 otherwise); (3) the
                   load balancer an object belongs to is read with one query per kind of child, not several per child; (4) its
                   conversion looks at the attributes of a class that can hold something, not at all that dir() finds;
                   (5) a recursive to_dict() leaves out what every caller throws away: the way back up and across (N^2);
                   (6) a change of members asks Neutron once per subnet and amphora, not once per member of all pools and amphora;
                   (7) GET of one load balancer, what clients poll, reads what its answer shows, as the list of load balancers does.
"""

import functools
import os
import threading


def apply():
    if os.environ.get("OCTLAB_FIX_FULL", "1") == "1":
        fix_full()
    if os.environ.get("OCTLAB_FAST", "1") == "1":
        fast()


def fix_full():
    from octavia.controller.worker.v2 import controller_worker as cw

    if getattr(cw.ControllerWorker, "_octlab", False):
        return
    orig = cw.ControllerWorker.run_flow

    def run_flow(self, func, *args, **kwargs):
        extra = {k: kwargs.pop(k) for k in list(kwargs) if k != "store"}
        if extra:
            inner = func
            func = lambda *a: inner(*a, **extra)  # noqa: E731
        return orig(self, func, *args, **kwargs)

    cw.ControllerWorker.run_flow = run_flow
    cw.ControllerWorker._octlab = True

    from octavia.common import constants as k
    from octavia.controller.worker.v2.flows import load_balancer_flows as f
    from octavia.controller.worker.v2.tasks import network_tasks

    create, listeners, here = (
        f.LoadBalancerFlows.get_create_load_balancer_flow,
        f.LoadBalancerFlows._create_listeners_flow,
        threading.local(),
    )

    def create_flow(self, topology, *a, **kw):
        here.topology = topology
        return create(self, topology, *a, **kw)

    def listeners_flow(self):
        flows = listeners(self)
        if here.topology == k.TOPOLOGY_SINGLE:
            flows.insert(
                1,
                network_tasks.GetAmphoraeNetworkConfigs(requires=k.LOADBALANCER_ID, provides=k.AMPHORAE_NETWORK_CONFIG),
            )
        return flows

    f.LoadBalancerFlows.get_create_load_balancer_flow = create_flow
    f.LoadBalancerFlows._create_listeners_flow = listeners_flow


def fast_api():
    fast_get()
    import pecan
    from octavia.api.v2.controllers.load_balancer import LoadBalancersController as c

    whole = c._get_db_lb

    def _get_db_lb(self, session, id, show_deleted=True):
        if type(self) is c and pecan.request.method == "GET":
            found = self.repositories.load_balancer.get_all_API_list(session, id=id, show_deleted=show_deleted)[0]
            if found:
                return found[0]
        return whole(self, session, id, show_deleted=show_deleted)

    c._get_db_lb = _get_db_lb


def fast():
    fast_get()
    from octavia.db import repositories as r

    for repo in (r.L7RuleRepository, r.L7PolicyRepository):

        def update(self, session, id, _full=repo.update, **kw):
            if set(kw) <= {"provisioning_status", "operating_status"} and None not in kw.values():
                return r.BaseRepository.update(self, session, id, **kw)  # the worker never looks at what update returns
            return _full(self, session, id, **kw)

        repo.update = update
    ask_once()


def ask_once():
    from octavia.common import utils
    from octavia.controller.worker.v2.tasks import network_tasks

    class Driver:
        def __init__(self, real):
            self.real, self.get_subnet = real, functools.lru_cache(None)(real.get_subnet)

        def __getattr__(self, name):
            return getattr(self.real, name)

    def network_driver(self):  # the task lives as long as its flow
        if self._network_driver is None:
            self._network_driver = Driver(utils.get_network_driver())
        return self._network_driver

    network_tasks.CalculateAmphoraDelta.network_driver = property(network_driver)


def fast_get():
    from octavia.db import repositories as r

    fast_convert()
    thin_dicts()
    options = tree_options()
    get = r.BaseRepository.get

    def tree_of(session, model):
        """Read what is around model. The session forgets what nobody holds: keep the result until model is converted."""
        tx, lb = session.get_transaction(), lb_id(model)
        if lb and not getattr(tx, "octlab", False):  # again in one transaction: most of it is still there
            tx.octlab = True
            return session.query(r.models.LoadBalancer).filter_by(id=lb).options(*options).first()

    def get_in_one_transaction(self, session, **filters):
        if session.autocommit and not session.in_transaction():
            with session.begin(subtransactions=True):
                return get_in_one_transaction(self, session, **filters)
        keep = tree_of(
            session,
            session.query(self.model_class)
            .filter_by(**{k: v for k, v in filters.items() if k != "show_deleted"})
            .first(),
        )
        try:
            return get(self, session, **filters)
        finally:
            del keep

    def create(self, session, **values):
        with session.begin(subtransactions=True):
            model = self.model_class(**values)
            session.add(model)
            session.flush()
            keep = tree_of(session, model)
            try:
                return model.to_data_model()
            finally:
                del keep

    r.BaseRepository.get, r.BaseRepository.create = get_in_one_transaction, create


def lb_id(model):
    """id of the load balancer that this database object belongs to, None when it belongs to none"""
    if type(model).__name__ == "LoadBalancer":
        return model.id
    if model is None or hasattr(model, "load_balancer_id"):
        return model and model.load_balancer_id
    return lb_id(next((getattr(model, up) for up in ("pool", "listener", "l7policy") if hasattr(model, up)), None))


def tree_options():
    from octavia.db import models as m
    from sqlalchemy.orm import configure_mappers, selectinload

    configure_mappers()  # makes the relations that are only declared on the other side

    # the order in which MariaDB's indexes deliver the children of one parent: what packaged Octavia gets unless the tables are tiny
    order = {
        m.Pool.members: (m.Member.ip_address, m.Member.protocol_port),
        m.LoadBalancer.listeners: (m.Listener.protocol, m.Listener.protocol_port),
    }

    def of(cls, *names, **below):
        """load these relations of cls, and the tags that all have"""
        options = []
        for n in names + (("_tags",) if hasattr(cls, "_tags") else ()):
            rel = getattr(cls, n)
            rel.property.order_by = rel.property.order_by or order.get(rel, rel.property.mapper.primary_key)
            options.append(selectinload(rel).options(*below.get(n, ())))
        return options

    policies = of(m.L7Policy, "l7rules", l7rules=of(m.L7Rule))
    return of(
        m.LoadBalancer,
        "vip",
        "additional_vips",
        "vrrp_group",
        "amphorae",
        "listeners",
        "pools",
        listeners=of(m.Listener, "sni_containers", "allowed_cidrs", "l7policies", l7policies=policies),
        pools=of(
            m.Pool,
            "members",
            "health_monitor",
            "session_persistence",
            "_default_listeners",
            "l7policies",
            members=of(m.Member),
            health_monitor=of(m.HealthMonitor),
            _default_listeners=of(m.Listener),
            l7policies=policies,
        ),
    )


def fast_convert():
    """OctaviaBase.to_data_model(), the same walk in the same order"""
    from octavia.db import base_models as b

    names = {}

    def worth_a_look(cls):
        if cls not in names:
            mapped = set(cls.__mapper__.all_orm_descriptors.keys())
            names[cls] = [
                n for n in dir(cls) if not n.startswith("_") and (n in mapped or isinstance(getattr(cls, n), property))
            ]
        return names[cls]

    def to_data_model(self, _graph_nodes=None):
        nodes = _graph_nodes or {}
        if not self.__data_model__:
            raise NotImplementedError
        dm = self.__data_model__(**{c.name: getattr(self, c.name) for c in self.__table__.columns})
        nodes[self._get_unique_key(dm)] = dm

        def convert(x):
            known = nodes.get(self._get_unique_key(x))
            return x.to_data_model(_graph_nodes=nodes) if known is None else known

        for name in worth_a_look(type(self)):
            value = getattr(self, name)
            if isinstance(value, b.OctaviaBase):
                setattr(dm, name, convert(value))
            elif isinstance(value, list):
                into = []
                setattr(dm, name, into)
                for x in value:
                    into.append(convert(x) if isinstance(x, b.OctaviaBase) else x)
        return dm

    b.OctaviaBase.to_data_model = to_data_model


def thin_dicts():
    from octavia.common import data_models as d

    full = d.BaseDataModel.to_dict
    unused = {
        d.LoadBalancer: ("listeners", "pools", "amphorae", "vip", "vrrp_group"),
        d.Amphora: ("load_balancer",),
        d.Listener: ("load_balancer", "pools"),
        d.Pool: ("load_balancer", "listeners", "l7policies"),
        d.L7Policy: ("listener", "redirect_pool"),
    }

    def to_dict(self, calling_classes=None, recurse=False, **kw):
        if recurse:
            kw.update(dict.fromkeys(unused.get(type(self), ()), False))
        return full(self, calling_classes, recurse, **kw)

    d.BaseDataModel.to_dict = to_dict
